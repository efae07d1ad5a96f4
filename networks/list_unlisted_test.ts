import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listUnlisted } from "./list_unlisted.ts";

let folder: string;

beforeEach(async () => {
  folder = await Deno.makeTempDir();
});

afterEach(() => Deno.remove(folder, { recursive: true }));

/** Ids of what is found in a mirror of such files; what they hold is not read. */
async function found(...files: string[]): Promise<string[]> {
  for (const file of files) {
    const path = join(folder, file);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeTextFile(path, "");
  }
  const folders = { own: join(folder, "own"), mirror: folder, cache: join(folder, "cache") };
  return listUnlisted(folders).map(({ id }) => id);
}

test("networks of the mirror are files, repositories, and repositories of owners", async () => {
  const files = ["bare.onnx", "mine/onnx/model.onnx", "someone/theirs/onnx/model.onnx"];
  expect(await found(...files)).toEqual(["bare", "mine", "someone--theirs"]);
});

test("what a manifest lists is not listed twice, nor by the folder that its file is in", async () => {
  expect(await found("squeezenet1.1/onnx/model.onnx", "squeezenet1.1/config.json")).toEqual([]);
});
