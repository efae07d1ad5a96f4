import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageList } from "./image_list.ts";

let folder: string;
beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const files = [
    ...["a.png", "a.jpg", "b.png", "owl/b.png", "owl/c.JPG", "d.heic", "notes.txt"],
    ...[".hidden.png", "._b.png", "__MACOSX/owl/._b.png", ".git/x.png", "odd[1].png"],
  ];
  for (const file of files) {
    await Deno.mkdir(join(folder, file, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, file), "");
  }
});
afterAll(() => Deno.remove(folder, { recursive: true }));

const list = async (...values: string[]) =>
  (await imageList(values.map((value) => join(folder, value))))
    ?.map(({ path, folder: results }) => [path.slice(folder.length + 1), results]);

test("one file is no list, even where its name looks like a pattern", async () => {
  expect(await list("a.png")).toBeUndefined();
  expect(await list("odd[1].png")).toBeUndefined();
  expect(await list("none.png")).toBeUndefined();
  expect(await imageList([])).toBeUndefined();
});

test("folders are searched, without hidden files and __MACOSX; results do not collide", async () => {
  expect(await list("")).toEqual([
    ["a.jpg", "a.jpg"],
    ["a.png", "a.png"],
    ["b.png", "b"],
    ["d.heic", "d"],
    ["odd[1].png", "odd[1]"],
    ["owl/b.png", "owl/b"],
    ["owl/c.JPG", "owl/c"],
  ]);
});

test("patterns, files and folders go together, each image once", async () => {
  expect(await list("*.png", "owl", "b.png")).toEqual([
    ["a.png", "a"],
    ["b.png", "b.png"],
    ["odd[1].png", "odd[1]"],
    ["owl/b.png", "b.png-2"],
    ["owl/c.JPG", "c"],
  ]);
  expect(await list("**/c.*")).toEqual([["owl/c.JPG", "c"]]);
  await expect(list("*.webp")).rejects.toThrow(/no file fits it$/);
  await expect(list("__MACOSX")).rejects.toThrow(/it has no images, expected JPEG/);
});
