import { join } from "node:path";
import { expect, test } from "vitest";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { SMOKE } from "./train_options.ts";

const checkpoint: Checkpoint = {
  options: SMOKE,
  step: 7,
  parameters: Float32Array.of(1, -0, 0.1),
  first: Float32Array.of(2, 3, 4),
  second: Float32Array.of(5, 6, 7),
  statistics: Float32Array.of(8, 9),
};

test("what is written is read, and the file is replaced whole", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.checkpoint");
  await writeCheckpoint(path, { ...checkpoint, step: 1 });
  await writeCheckpoint(path, checkpoint);
  expect(await readCheckpoint(path)).toEqual(checkpoint);
  expect([...Deno.readDirSync(folder)].map(({ name }) => name)).toEqual(["a.checkpoint"]);
  await Deno.remove(folder, { recursive: true });
});

test("there may be none, and one that is cut off is refused", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.checkpoint");
  expect(await readCheckpoint(path)).toBeUndefined();
  await writeCheckpoint(path, checkpoint);
  await Deno.truncate(path, Deno.statSync(path).size - 4);
  await expect(readCheckpoint(path)).rejects.toThrow(/Cannot read the checkpoint .*a\.checkpoint/);
  await Deno.remove(folder, { recursive: true });
});
