import type { RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { argmax, type ClassScores } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";
import type { OcclusionJob } from "./plan.ts";

/** What is measured at each position. */
export const COLUMNS = ["logit", "probability", "topClass", "topProbability", "layerSum"] as const;

/** Inputs that are run at once on a GPU. */
const GPU_BATCH = 8;

/** What a tile needs to know of the plan. */
export interface TilePlan {
  readonly job: OcclusionJob;
  readonly input: Tensor<"float32">;
}

/** The input, and the image that shows through the occluder. */
export interface OcclusionInputs {
  readonly input: Tensor<"float32">;
  readonly shown: Tensor<"float32">;
}

/** A way to look at the input with the occluder at some positions. */
export interface Inference {
  /** The positions in groups that are run at once. */
  groups(positions: readonly number[]): readonly (readonly number[])[];
  /** The values of one group, {@linkcode COLUMNS} for each of its positions. */
  evaluate(group: readonly number[], options: RunOptions): Promise<Float32Array>;
}

/** How many positions are run at once: on WASM one, so that the others cannot matter. */
export const batchOf = ({ backend, canBatch }: Network): number =>
  backend === "webgpu" && canBatch ? GPU_BATCH : 1;

/** `items` in groups of `size`. */
export const inGroups = <T>(items: readonly T[], size: number): T[][] =>
  Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );

/** The values at one position; `layerSum` is NaN where no layer is followed. */
export function valuesOf({ logits, probabilities }: ClassScores, target: number, layerSum: number) {
  const top = argmax(logits);
  return [logits[target], probabilities[target], top, probabilities[top], layerSum];
}

/** One column of values [positions, COLUMNS.length]. */
export const columnOf = (values: Float32Array, name: typeof COLUMNS[number]): number[] =>
  Array.from(
    { length: values.length / COLUMNS.length },
    (_, i) => values[i * COLUMNS.length + COLUMNS.indexOf(name)],
  );

/** The values where nothing but the target's logit is measured. */
export const onlyLogit = (logit: number): number[] => COLUMNS.map((_, i) => i === 0 ? logit : NaN);

/**
 * Total activation of one channel of feature maps [N, C, h, w], in row-major order.
 *
 * @param row Which input of the batch.
 */
export function sumOfChannel({ dims, data }: Tensor, channel: number, row = 0): number {
  const [, channels, height, width] = dims;
  const first = (row * channels + channel) * height * width;
  let sum = 0;
  for (let i = first; i < first + height * width; i++) sum += Number(data[i]);
  return sum;
}

/** Total activation of each channel. */
export function totals(maps: Tensor): number[] {
  return Array.from({ length: maps.dims[1] }, (_, channel) => sumOfChannel(maps, channel));
}

interface Extent {
  readonly start: number;
  readonly size: number;
}

/** Total activation of one channel of feature maps [1, C, h, w], in some rows and columns. */
export function sumOfArea(
  { dims, data }: Tensor,
  channel: number,
  rows: Extent,
  columns: Extent,
): number {
  const [, , height, width] = dims;
  let sum = 0;
  for (let y = rows.start; y < rows.start + rows.size; y++) {
    const row = (channel * height + y) * width + columns.start;
    for (let x = 0; x < columns.size; x++) sum += Number(data[row + x]);
  }
  return sum;
}
