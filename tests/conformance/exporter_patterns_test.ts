import { expect, test } from "vitest";
import { NO_GRADIENT, RULES } from "../../shared/grad/mod.ts";
import { fusedOperators, SEQUENCE_OPERATORS, SPELLED_OUT } from "../../shared/onnx/mod.ts";
import { EXPORTER_PATTERNS, type Outcome } from "./exporter_patterns.ts";

/** Where the code says so, of each outcome. */
const HOLDS: Readonly<Record<Outcome, (op: string) => boolean>> = {
  "gradient": (op) => op in RULES,
  "spelled out": (op) => op in SPELLED_OUT,
  "taken apart": (op) => op === "If" || [...fusedOperators, ...SEQUENCE_OPERATORS].includes(op),
  "no gradient": (op) => NO_GRADIENT.has(op),
  "runs": (op) =>
    !(op in RULES) && !(op in SPELLED_OUT) && !NO_GRADIENT.has(op) && !fusedOperators.includes(op),
};

test("what docs/operators.md says of exporters is what the code does", () => {
  const untrue = EXPORTER_PATTERNS.flatMap(({ operators, outcome }) =>
    operators.filter((op) => !HOLDS[outcome](op)).map((op) => `${op}: ${outcome}`)
  );
  expect(untrue).toEqual([]);
});
