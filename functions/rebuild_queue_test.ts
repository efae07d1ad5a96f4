import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RebuildQueue } from "./rebuild_queue.ts";

let folder: string;
beforeEach(async () => folder = await Deno.makeTempDir());
afterEach(() => Deno.remove(folder, { recursive: true }));

const parts = () =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".part"));

test("what a killed process was writing goes with the next rebuild; what is young stays", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of ["old.json.1.part", "young.json.2.part"]) {
    await Deno.writeTextFile(join(folder, name), "{");
  }
  await Deno.utime(join(folder, "old.json.1.part"), hourAgo, hourAgo);
  const queue = new RebuildQueue(folder);
  const { id } = await queue.add({});
  expect(parts()).toEqual(["young.json.2.part"]);
  expect((await queue.list()).map((job) => job.id)).toEqual([id]);
});

test("a rebuild that was cut off while it was written is none", async () => {
  const queue = new RebuildQueue(folder);
  const { id } = await queue.add({});
  await Deno.truncate(join(folder, `${id}.json`), 10);
  expect(await queue.read(id)).toBeUndefined();
  expect(await queue.list()).toEqual([]);
});
