import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { isPlacedTarget, type ScoreSpec } from "./score_target.ts";

const sum = (at: { row?: number; column?: number }): ScoreSpec => ({
  kind: "sum",
  terms: [{ weight: 1, at: { channel: 0 } }, { weight: 1, at: { channel: 1, ...at } }],
});
const region = (...weights: number[]): ScoreSpec => ({
  kind: "region",
  channel: 0,
  weights: Float32Array.from(weights),
});
const similarity = (...dims: number[]): ScoreSpec => ({
  kind: "similarity",
  features: float32(new Float32Array(dims.reduce((a, b) => a * b)), dims),
});

test.each<[spec: ScoreSpec, isPlaced: boolean]>([
  [sum({}), false],
  [sum({ row: 1, column: 0 }), true],
  [region(1, 1, 1), false],
  [region(0, 1, 1), true],
  [similarity(1, 8), false],
  [similarity(1, 8, 1, 1), false],
  [similarity(1, 8, 2, 2), true],
  [{ kind: "energy" }, false],
  [{ kind: "log-probability", index: 1, link: "softmax" }, false],
])("whether %j is at a place of the image: %s", (spec, isPlaced) => {
  expect(isPlacedTarget(spec)).toBe(isPlaced);
});
