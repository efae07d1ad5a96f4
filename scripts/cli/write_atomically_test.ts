import { afterAll, expect, test } from "vitest";
import { join } from "node:path";
import { writeAtomically } from "./write_atomically.ts";

const folder = await Deno.makeTempDir();
afterAll(() => Deno.remove(folder, { recursive: true }));
const files = () => [...Deno.readDirSync(folder)].map(({ name }) => name);

test("writeAtomically() writes, replaces, and leaves nothing else behind", async () => {
  for (const text of ["first", "second"]) {
    const path = await writeAtomically(folder, "a.txt", new TextEncoder().encode(text));
    expect(await Deno.readTextFile(path)).toBe(text);
  }
  expect(files()).toEqual(["a.txt"]);
});

test("writeAtomically() cleans up when it fails", async () => {
  await Deno.mkdir(join(folder, "taken"));
  await expect(writeAtomically(folder, "taken", new Uint8Array(3))).rejects.toThrow();
  expect(files().sort()).toEqual(["a.txt", "taken"]);
});
