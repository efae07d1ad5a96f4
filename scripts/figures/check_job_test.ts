import { expect, test } from "vitest";
import { figureId } from "../../shared/gallery/recipe.ts";
import { checkJob } from "./check_job.ts";
import type { FigureJob } from "./job.ts";

const recipe = {
  model: { id: "glyphnet", sha256: "00" },
  method: "weights",
  version: 1,
  options: {},
  inputs: {},
};
const job = async (change: Partial<FigureJob> = {}): Promise<FigureJob> => ({
  id: await figureId(recipe),
  set: "weights",
  recipe,
  arrays: [],
  isLossless: false,
  folder: "/figures/gallery",
  ...change,
});
const FOLDERS = ["/figures/gallery", "/figures/own"];

test.each(["/figures/gallery", "/figures/own/", "/figures/gallery/inner", "/figures/own/..own"])(
  "a job may write to %s",
  async (folder) => {
    await expect(checkJob(await job({ folder }), FOLDERS)).resolves.toBeUndefined();
  },
);

test.each(["/figures", "/etc", "/figures/gallery2", "/figures/gallery/../../etc", ".", ""])(
  "a job may not write to %j",
  async (folder) => {
    await expect(checkJob(await job({ folder }), FOLDERS)).rejects.toThrow(
      `its folder is "${folder}", expected /figures/gallery or /figures/own`,
    );
  },
);

test.each(["../../.bashrc", "", "0".repeat(20)])("%j is no id of a job", async (id) => {
  await expect(checkJob(await job({ id }), FOLDERS)).rejects.toThrow(`its id is "${id}"`);
});
