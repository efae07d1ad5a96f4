import { InputError } from "../errors.ts";
import { argmax } from "./class_scores.ts";
import type { ScoreTarget } from "./score_target.ts";
import { resolveTarget } from "./class_target.ts";
import type { Scores } from "./target_scores.ts";
import type { Box, Region } from "./target_syntax.ts";

/**
 * The scores of a class of a map, as segmentation has them, summed over some of its positions.
 *
 * @throws {InputError} If the scores are no map, or the region is outside it or empty.
 * @see Vinogradova et al., "Towards Interpretable Semantic Segmentation via Gradient-Weighted Class
 * Activation Mapping", AAAI 2020
 */
export function regionTarget(
  scores: Scores,
  name: string,
  region: Region,
): ScoreTarget {
  const { layer, dims, totals, labels } = scores;
  if (dims.length !== 4) {
    throw new InputError(
      `Cannot add up the scores of "${name}" over positions: they are a row, [${dims}], expected a ` +
        "map [1, classes, height, width]",
    );
  }
  const { index, label } = resolveTarget(name, totals, labels);
  const weights = region === "map"
    ? new Float32Array(dims[2] * dims[3]).fill(1)
    : region === "mask"
    ? maskOf(scores, index, label)
    : boxOf(region, dims);
  const where = typeof region === "string"
    ? region
    : `box:${region.top},${region.left},${region.height},${region.width}`;
  return {
    spec: { kind: "region", channel: index, weights },
    layer,
    label: `${label}@${where}`,
    index,
    quantity: "sum of logits",
  };
}

/** 1 where the class has the largest score. */
function maskOf({ data, dims, totals }: Scores, index: number, label: string): Float32Array {
  const area = dims[2] * dims[3];
  const mask = Float32Array.from({ length: area }, (_, i) => {
    const column = Float32Array.from(totals, (_, c) => data[c * area + i]);
    return argmax(column) === index ? 1 : 0;
  });
  if (mask.some((one) => one === 1)) return mask;
  throw new InputError(
    `Cannot add up the scores of "${label}" over its mask: it is the top class at no position, ` +
      "expected another class, or @map",
  );
}

function boxOf(box: Box, [, , height, width]: readonly number[]): Float32Array {
  if (box.top + box.height > height || box.left + box.width > width) {
    throw new InputError(
      `Cannot add up scores in a box of ${box.height} x ${box.width} at ${box.top},${box.left}: ` +
        `the map has ${height} x ${width} positions`,
    );
  }
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width), i % width];
    const isIn = row >= box.top && row < box.top + box.height && column >= box.left &&
      column < box.left + box.width;
    return isIn ? 1 : 0;
  });
}
