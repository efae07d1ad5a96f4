import { fileURLToPath } from "node:url";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { RULES } from "../../shared/grad/mod.ts";
import { SPELLED_OUT } from "../../shared/onnx/mod.ts";
import { hasBackend, otherBackends } from "../other_backends.ts";
import { allCases } from "./cases.ts";
import { backendError, differenceError, opsetError, otherOpsets } from "./check_gradient.ts";
import { type OperatorErrors, operatorsDoc } from "./operators_doc.ts";

/** Rounding of float32 over a step of 0.02, and the truncation error of the difference. */
const DIFFERENCE_TOLERANCE = 5e-4;

/** All backends, and all forms of an operator, compute in float32; the order of sums differs. */
const BACKEND_TOLERANCE = 1e-5;

const cases = await allCases();
const others = await otherBackends();
const hasWebGpu = hasBackend(others, "webgpu");

const errors = new Map<string, OperatorErrors>();
let checked = 0;

function record(op: string, kind: keyof OperatorErrors, error: number): void {
  const seen = errors.get(op) ?? { difference: 0, backend: 0 };
  seen[kind] = Math.max(seen[kind], error);
  errors.set(op, seen);
  checked++;
}

test("every gradient rule that is no staircase has cases", () => {
  const covered = new Set(cases.map(({ op }) => op));
  const rules = Object.entries(RULES).flatMap(([op, row]) => row.straightThrough ? [] : [op]);
  const all = [...rules, ...Object.keys(SPELLED_OUT)];
  expect(all.filter((op) => !covered.has(op))).toEqual([]);
});

describe("gradient equals central differences on WASM", () => {
  test.each(cases)("$op / $name", async (row) => {
    const error = await differenceError(row);
    record(row.op, "difference", error);
    expect(error).toBeLessThan(DIFFERENCE_TOLERANCE);
  });
});

describe("gradient is the same at the first, a middle and the newest operator set", () => {
  const several = cases.filter((row) => otherOpsets(row).length > 0);
  test.each(several)("$op / $name", async (row) => {
    expect(await opsetError(row)).toBeLessThan(BACKEND_TOLERANCE);
  });
});

describe.each(others)("gradient is the same on $title", ({ backend, isMissing }) => {
  const covered = cases.filter(({ wasmOnly }) => !wasmOnly || backend !== "webgpu");
  test.skipIf(isMissing).each(covered)("$op / $name", async (row) => {
    const error = await backendError(row, backend);
    // The page is of what browsers compute.
    if (backend === "webgpu") record(row.op, "backend", error);
    expect(error).toBeLessThan(BACKEND_TOLERANCE);
  });
});

/** The errors themselves may differ a little from machine to machine; the tests above bound them. */
function withoutErrors(page: string): string {
  return page.replaceAll(/\| (< 1e-\d+|0) (?=\|)/g, "| # ");
}

test.skipIf(!hasWebGpu)("docs/operators.md is up to date", (context) => {
  const onWebGpu = cases.filter(({ wasmOnly }) => !wasmOnly);
  if (checked < cases.length + onWebGpu.length) context.skip("only some cases were run");
  const path = fileURLToPath(new URL("../../docs/operators.md", import.meta.url));
  const text = operatorsDoc(errors);
  if (Deno.env.get("UPDATE_DOCS")) writeFileSync(path, text);
  expect(withoutErrors(readFileSync(path, "utf8")), "run `deno task gen`").toBe(
    withoutErrors(text),
  );
});
