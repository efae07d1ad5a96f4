import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { noisePng } from "../../tests/http/requests.ts";
import { tinyModel } from "../../tests/http/tiny_catalogue.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { folderCorpus } from "./folder_corpus.ts";

let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "labelled/owl"), { recursive: true });
  await Deno.mkdir(join(folder, "scenes"));
  await Deno.mkdir(join(folder, "empty"));
  await Deno.writeFile(join(folder, "labelled/003_sea_lion_12.png"), noisePng());
  await Deno.writeFile(join(folder, "labelled/owl/a.png"), noisePng());
  await Deno.writeTextFile(join(folder, "labelled/notes.txt"), "no image");
  await Deno.writeFile(join(folder, "scenes/0.png"), noisePng());
  await Deno.writeFile(join(folder, "scenes/0_mask.png"), noisePng());
  const scenes = [{ file: "0.png", mask: "0_mask.png", label: "swan" }];
  await Deno.writeTextFile(join(folder, "scenes/scenes.json"), JSON.stringify({ scenes }));
});
afterAll(() => Deno.remove(folder, { recursive: true }));

const open = async () => await openNetwork(await tinyModel(), { backend: "wasm" });

test("labels come from the name or from the folder within", async () => {
  await using network = await open();
  const corpus = await folderCorpus(join(folder, "labelled"), network);
  const all = Array.from({ length: corpus.count }, (_, i) => [
    corpus.nameOf(i),
    corpus.labelOf?.(i),
  ]);
  expect(all).toEqual([["003_sea_lion_12.png", "sea lion"], ["owl/a.png", "owl"]]);
  expect((await corpus.read(1)).tensor.dims).toEqual(network.inputDims);
});

test("masks are no images, and scenes.json names what is shown", async () => {
  await using network = await open();
  const corpus = await folderCorpus(join(folder, "scenes"), network);
  expect([corpus.count, corpus.nameOf(0), corpus.labelOf?.(0)]).toEqual([1, "0.png", "swan"]);
});

test("a folder without images is refused", async () => {
  await using network = await open();
  await expect(folderCorpus(join(folder, "empty"), network)).rejects.toThrow("it has no images");
  await expect(folderCorpus(join(folder, "none"), network)).rejects.toThrow("no such folder");
  const file = join(folder, "scenes/0.png");
  await expect(folderCorpus(file, network)).rejects.toThrow("no such folder");
});

test("an image that is broken is named", async () => {
  await using network = await open();
  const broken = join(folder, "broken");
  await Deno.mkdir(broken);
  await Deno.writeFile(join(broken, "a.png"), noisePng().subarray(0, 60));
  const corpus = await folderCorpus(broken, network);
  await expect(corpus.read(0)).rejects.toThrow(
    `Cannot read ${join(broken, "a.png")}: the file is cut off`,
  );
});
