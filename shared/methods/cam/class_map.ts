/** The map of a class at a layer's resolution. */
export interface ClassMap {
  readonly index: number;
  readonly label: string;
  readonly score: number;
  /** Derivative of the score by each logit. */
  readonly byLogit: Float32Array;
  /** [h, w], before ReLU. */
  readonly map: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** The figures of a map, for a person and a program. */
export function measuresOf({ index, label, score, map, width }: ClassMap) {
  let peak = 0;
  map.forEach((value, i) => peak = value > map[peak] ? i : peak);
  return {
    target: label,
    index,
    score,
    positiveShare: map.filter((value) => value > 0).length / map.length,
    peak: { row: Math.floor(peak / width), column: peak % width, value: map[peak] },
  };
}
