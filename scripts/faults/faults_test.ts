import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { galleryDigests, holdGallery } from "./build.ts";
import { hold } from "./scenario.ts";

let folder: string;
beforeEach(async () => {
  folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "a.json"), '{"id":"a","seconds":3}');
  await Deno.writeTextFile(join(folder, "a.0.webp"), "image");
});
afterEach(() => Deno.remove(folder, { recursive: true }));

test("a gallery is compared without its times, and without what is not finished", async () => {
  const right = await galleryDigests(folder);
  await Deno.writeTextFile(join(folder, "a.json"), '{"id":"a","seconds":7}');
  await Deno.writeTextFile(join(folder, "b.0.webp.part"), "half an");
  await holdGallery(folder, right, true);
});

test.each<[name: string, harm: () => Promise<void>, says: string]>([
  ["another image", () => Deno.writeTextFile(join(folder, "a.0.webp"), "other"), "a.0.webp is not"],
  ["a missing image", () => Deno.remove(join(folder, "a.0.webp")), "a.0.webp is not"],
  ["a lost figure", () => Deno.remove(join(folder, "a.json")), "are lost: a.json"],
  ["what is left over", () => Deno.writeTextFile(join(folder, "z.webp"), "z"), "over: z.webp"],
])("a gallery with %s is found out", async (_, harm, says) => {
  const right = await galleryDigests(folder);
  await harm();
  await expect(holdGallery(folder, right, true)).rejects.toThrow(says);
});

test("figures that are not there yet are no fault before the end", async () => {
  const right = await galleryDigests(folder);
  await Deno.remove(join(folder, "a.json"));
  await holdGallery(folder, right, false);
});

test("hold() says what does not", () => {
  expect(() => hold(false, "it is not")).toThrow("it is not");
});

test("a few rounds find nothing wrong", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "faults", "--rounds", "3", "--scenarios", "bad-neighbour,killed-build"],
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  expect(code, errors).toBe(0);
  expect(text.match(/as it has to be/g)).toHaveLength(3);
});
