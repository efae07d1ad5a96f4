import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

let folder: string;
beforeAll(async () => void (folder = await Deno.makeTempDir()));
afterAll(() => Deno.remove(folder, { recursive: true }));

/** Runs a benchmark; what it prints, and what it writes. */
async function bench(name: string, ...options: string[]) {
  const json = join(folder, "times.json");
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, name, ...options, "--backend", "wasm", "--json", json],
    stderr: "null",
  }).output();
  expect(code).toBe(0);
  const { timings } = JSON.parse(await Deno.readTextFile(json));
  return { text: new TextDecoder().decode(stdout), timings };
}

test("bench times methods with one thread and with several", async () => {
  const { text, timings } = await bench(
    "parallel",
    ...["--models", "glyphnet", "--methods", "smoothgrad,patches", "--images", "12"],
    ...["--threads", "2"],
  );
  expect(text).toMatch(/glyphnet +wasm +smoothgrad +2 /);
  expect(timings.map(({ method }: { method: string }) => method)).toEqual([
    "smoothgrad",
    "patches",
  ]);
  for (const { oneSeconds, seconds, speedup } of timings) {
    expect(speedup).toBeCloseTo(oneSeconds / seconds, 6);
  }
});

test("bench compares incremental with full inference, and stages of a map with the end", async () => {
  const { text, timings } = await bench(
    "occlusion",
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

test("bench compares methods with the runs of the graph that they are made of", async () => {
  const { text, timings } = await bench(
    "attribution",
    ...["--models", "glyphnet", "--runs", "1", "--steps", "2"],
  );
  expect(text).toMatch(/glyphnet +wasm +integrated gradients, 2 steps +2 /);
  expect(timings.map(({ threads }: { threads: number }) => threads)).toEqual([1, 1, 2]);
  for (const { graphMs, methodMs, ratio } of timings) {
    expect(ratio).toBeCloseTo(methodMs / graphMs, 6);
  }
});

test("bench times a unit, and compares its activation with that of many steps", async () => {
  const { text, timings: [timing] } = await bench(
    "synthesis",
    ...["--models", "glyphnet", "--layers", "conv2", "--units", "1", "--compare"],
  );
  expect(text).toMatch(/glyphnet +conv2 +96 /);
  // A few large steps reach about what many small ones do; half of it would be another image.
  expect(timing.likeness.peak).toBeGreaterThan(0.5);
  expect(timing.likeness.units).toBe(1);
  expect(timing.ratio).toBeGreaterThan(0);
});

test.runIf(Deno.build.os === "linux")("bench measures what a request takes", async () => {
  const json = join(folder, "memory.json");
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", MAIN, "memory", "--models", "glyphnet", "--methods", "classify"],
      ...["--json", json],
    ],
    stderr: "null",
  }).output();
  expect(code).toBe(0);
  expect(new TextDecoder().decode(stdout)).toMatch(/glyphnet +classify +\d+ /);
  const { timings: [{ peakMiB, restMiB }] } = JSON.parse(await Deno.readTextFile(json));
  // ONNX Runtime's WebAssembly alone has 14 MB.
  expect(restMiB).toBeGreaterThan(14);
  expect(peakMiB).toBeGreaterThanOrEqual(restMiB);
});
