import type { ScoreTarget } from "../../network/score_target.ts";

/** The map of a score at a layer's resolution. */
export interface ClassMap {
  readonly target: ScoreTarget;
  readonly score: number;
  /** Of the score, by each element of the tensor that it is made of. */
  readonly derivative: Float32Array;
  /** [h, w], before ReLU. */
  readonly map: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** The figures of a map, for a person and a program. */
export function measuresOf({ target: { index, label }, score, map, width }: ClassMap) {
  let peak = 0;
  map.forEach((value, i) => peak = value > map[peak] ? i : peak);
  return {
    target: label,
    ...index !== undefined && { index },
    score,
    positiveShare: map.filter((value) => value > 0).length / map.length,
    peak: { row: Math.floor(peak / width), column: peak % width, value: map[peak] },
  };
}
