import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkWritable, writeAtomically } from "./write_files.ts";

test("checkWritable() takes a folder that is there or can be made, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  await checkWritable(folder);
  await checkWritable(join(folder, "a", "b"));
  expect([...Deno.readDirSync(folder)]).toEqual([]);
  await Deno.remove(folder);
});

test("checkWritable() refuses a file, and what lies below one", async () => {
  const file = await Deno.makeTempFile();
  const message = `Cannot write ${file}: there is a file of that name, expected a folder`;
  await expect(checkWritable(file)).rejects.toThrow(message);
  await expect(checkWritable(join(file, "a"))).rejects.toThrow(message);
  await Deno.remove(file);
});

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
