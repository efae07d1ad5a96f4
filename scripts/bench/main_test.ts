import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import { modelMirror, skipWithout } from "../../tests/data.ts";

const MAIN = new URL("main.ts", import.meta.url).pathname;
const skip = skipWithout(modelMirror, "the benchmark");

let folder: string;
beforeAll(async () => void (folder = await Deno.makeTempDir()));
afterAll(() => Deno.remove(folder, { recursive: true }));

test.skipIf(skip)("bench times a map in this process and with each number of workers", async () => {
  const json = join(folder, "times.json");
  const options = ["occlusion", "--models", "squeezenet1.1", "--workers", "1,2", "--stride", "32"];
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, ...options, "--backend", "wasm", "--json", json],
    stderr: "null",
  }).output();
  expect(code).toBe(0);
  expect(new TextDecoder().decode(stdout)).toMatch(/squeezenet1\.1 +wasm +2 +49 /);
  const { timings } = JSON.parse(await Deno.readTextFile(json));
  expect(timings.map(({ workers }: { workers: number }) => workers)).toEqual([0, 1, 2]);
  for (const { positions, seconds, millisecondsPerPosition } of timings) {
    expect(positions).toBe(49);
    expect(millisecondsPerPosition).toBeCloseTo((1000 * seconds) / 49, 6);
  }
  expect(timings[1].speedup).toBe(1);
});
