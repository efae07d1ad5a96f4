import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import { modelMirror, skipWithout } from "../../tests/data.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const skip = skipWithout(modelMirror, "the benchmark");

let folder: string;
beforeAll(async () => void (folder = await Deno.makeTempDir()));
afterAll(() => Deno.remove(folder, { recursive: true }));

/** Runs the benchmark of occlusion maps; what it prints, and what it writes. */
async function bench(...options: string[]) {
  const json = join(folder, "times.json");
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "occlusion", ...options, "--backend", "wasm", "--json", json],
    stderr: "null",
  }).output();
  expect(code).toBe(0);
  const { timings } = JSON.parse(await Deno.readTextFile(json));
  return { text: new TextDecoder().decode(stdout), timings };
}

test.skipIf(skip)("bench times a map in this process and with each number of workers", async () => {
  const { text, timings: { workers: timings } } = await bench(
    ...["--models", "squeezenet1.1", "--parts", "workers", "--workers", "1,2", "--stride", "32"],
  );
  expect(text).toMatch(/squeezenet1\.1 +wasm +2 +49 /);
  expect(timings.map(({ workers }: { workers: number }) => workers)).toEqual([0, 1, 2]);
  for (const { positions, seconds, millisecondsPerPosition } of timings) {
    expect(positions).toBe(49);
    expect(millisecondsPerPosition).toBeCloseTo((1000 * seconds) / 49, 6);
  }
  expect(timings[1].speedup).toBe(1);
});

test("bench compares incremental with full inference, and stages of a map with the end", async () => {
  const { text, timings } = await bench(
    ...["--models", "glyphnet", "--parts", "positions,refinement", "--positions", "8"],
    ...["--window", "16"],
  );
  expect(text).toMatch(/glyphnet +wasm +logit /);
  for (const { fullMs, incrementalMs, multiplyAdds } of timings.positions) {
    expect(Math.min(fullMs, incrementalMs)).toBeGreaterThan(0);
    const { full, incremental, bound } = multiplyAdds;
    expect(bound).toBeLessThanOrEqual(incremental);
    expect(incremental).toBeLessThan(full);
  }
  // Of 11 x 11 positions, in tiles of 8: what is known at 20 and at 30 per cent.
  expect(timings.refinement.map(({ known }: { known: number }) => known)).toEqual([24, 32]);
  for (const { scores, attribution } of timings.refinement) {
    expect(Math.abs(scores)).toBeLessThan(1);
    expect(attribution).toBeGreaterThan(0);
  }
});
