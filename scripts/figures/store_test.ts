import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import type { NetworkSummary } from "../../shared/gallery/network_summary.ts";
import { FigureStore } from "./store.ts";
import { writeSummaryFile } from "./write_summary.ts";

let root: string;
beforeEach(async () => root = await Deno.makeTempDir());
afterEach(() => Deno.remove(root, { recursive: true }));

/** A place where nobody can make a folder, whatever rights they have: below a file. */
async function noFolder(): Promise<string> {
  await Deno.writeTextFile(join(root, "file"), "");
  return join(root, "file", "gallery");
}

test("a folder of figures that cannot be made is told by a sentence", async () => {
  const folder = await noFolder();
  const written = new FigureStore(folder).write({ id: "a" } as GalleryFigure, new Map());
  await expect(written).rejects.toThrow(`Cannot write ${folder}: `);
});

test("a folder of summaries that cannot be made is told by a sentence", async () => {
  const folder = await noFolder();
  const written = writeSummaryFile(folder, { id: "a" } as NetworkSummary);
  await expect(written).rejects.toThrow(`Cannot write ${join(folder, "networks")}: `);
});

test("a figure of which a file cannot be written leaves no part of it", async () => {
  await Deno.mkdir(join(root, "b.0.webp"));
  const written = new FigureStore(root).write(
    { id: "b" } as GalleryFigure,
    new Map([["b.0.webp", new Uint8Array(1)]]),
  );
  await expect(written).rejects.toThrow(/^Cannot write .*b\.0\.webp: it is a folder, expected/);
  expect([...Deno.readDirSync(root)].map(({ name }) => name)).toEqual(["b.0.webp"]);
});
