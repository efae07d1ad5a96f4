import { describe, expect, test } from "vitest";
import { RULES } from "../../shared/grad/mod.ts";
import { chooseBackend } from "../../shared/runtime/mod.ts";
import { allCases } from "./cases.ts";
import { backendError, differenceError } from "./check_gradient.ts";

/** Rounding of float32 over a step of 0.02, and the truncation error of the difference. */
const DIFFERENCE_TOLERANCE = 5e-4;

/** Both backends compute in float32; only the order of sums differs. */
const BACKEND_TOLERANCE = 1e-5;

const cases = await allCases();
const adapter = await chooseBackend("webgpu").catch((error: Error) => error.message);
if (typeof adapter === "string") console.log(`skipped: WebGPU conformance, since ${adapter}`);

test("every gradient rule has cases", () => {
  const covered = new Set(cases.map(({ op }) => op));
  expect(Object.keys(RULES).filter((op) => !covered.has(op))).toEqual([]);
});

describe("gradient equals central differences on WASM", () => {
  test.each(cases)("$op / $name", async (row) => {
    expect(await differenceError(row)).toBeLessThan(DIFFERENCE_TOLERANCE);
  });
});

describe.skipIf(typeof adapter === "string")("gradient is the same on WebGPU", () => {
  test.each(cases)("$op / $name", async (row) => {
    expect(await backendError(row)).toBeLessThan(BACKEND_TOLERANCE);
  });
});
