import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import { readJson } from "./read_json.ts";

let folder: string;
beforeAll(async () => void (folder = await Deno.makeTempDir()));
afterAll(() => Deno.remove(folder, { recursive: true }));

test.each(["", '{"id":', "no JSON"])("readJson() names a file that holds %j", async (text) => {
  const path = join(folder, "cut.json");
  await Deno.writeTextFile(path, text);
  expect(() => readJson(path)).toThrow(`Cannot read ${path}: it is not JSON`);
});

test("readJson() reads what is there", async () => {
  const path = join(folder, "whole.json");
  await Deno.writeTextFile(path, '{"id":1}');
  expect(readJson(path)).toEqual({ id: 1 });
});
