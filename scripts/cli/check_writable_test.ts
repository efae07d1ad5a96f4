import { join } from "node:path";
import { expect, test } from "vitest";
import { checkWritable } from "./check_writable.ts";

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
