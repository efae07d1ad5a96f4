import { float32, type Tensor } from "../../tensor/tensor.ts";
import { occlusionGrid, type Window } from "./grid.ts";
import type { OcclusionPlan } from "./plan.ts";
import { columnOf, COLUMNS } from "./inference.ts";
import type { OcclusionPart } from "./tile_kernel.ts";

/** The arrays of an occlusion map. Positions that are not known yet are NaN. */
export interface OcclusionArrays {
  /**
   * [positions, 2], row by row: logit and probability of the target. The probabilities are NaN where
   * only the logit is measured.
   */
  readonly scores: Tensor<"float32">;
  /** [1, C, H, W]: mean drop of the chosen score over the windows that cover a pixel. */
  readonly attribution: Tensor<"float32">;
  /** [rows, columns]: index of the most probable class; only where more than the logit is measured. */
  readonly topClass?: Tensor<"float32">;
  /** [rows, columns]: its probability; only where more than the logit is measured. */
  readonly topProbability?: Tensor<"float32">;
  /** [rows, columns]: total activation of the layer's strongest channel. */
  readonly layerSum?: Tensor<"float32">;
}

/** Puts parts together, in whatever order and however many there are. */
export function occlusionArrays(
  plan: OcclusionPlan,
  parts: Iterable<OcclusionPart>,
): OcclusionArrays {
  const { job, rows, columns, score, unoccluded } = plan;
  const { windows } = occlusionGrid(job.dims[2], job.dims[3], job.window, job.stride);
  const width = COLUMNS.length;
  const values = new Float32Array(windows.length * width).fill(NaN);
  for (const part of parts) {
    for (const [i, position] of part.positions.entries()) {
      values.set(part.values.subarray(i * width, (i + 1) * width), position * width);
    }
  }
  const map = (name: typeof COLUMNS[number]) =>
    float32(Float32Array.from(columnOf(values, name)), [rows, columns]);
  const [logit, probability] = [columnOf(values, "logit"), columnOf(values, "probability")];
  const scored = score === "logit" ? logit : probability;
  const drops = Float64Array.from(scored, (value) => unoccluded[score] - value);
  const pairs = Float32Array.from(
    { length: 2 * windows.length },
    (_, i) => (i % 2 === 0 ? logit : probability)[i >> 1],
  );
  return {
    scores: float32(pairs, [windows.length, 2]),
    attribution: attributionOf(job.dims, windows, drops),
    ...job.measures === "all" && {
      topClass: map("topClass"),
      topProbability: map("topProbability"),
    },
    ...job.layer && { layerSum: map("layerSum") },
  };
}

/**
 * Each pixel's mean drop over the windows that cover it, as Captum's Occlusion.
 *
 * @param dims Shape of the input, [1, C, H, W]; the result has it too, all channels alike.
 * @param drops Score without minus score with the occluder, per window; NaN where not known yet.
 * @returns NaN where no known window covers the pixel.
 */
export function attributionOf(
  dims: readonly number[],
  windows: readonly Window[],
  drops: ArrayLike<number>,
): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  // Differences at the corners, summed up along both axes, are the sums over covering windows.
  const line = width + 1;
  const sums = new Float64Array((height + 1) * line);
  const counts = new Int32Array(sums.length);
  const add = (corner: number, sum: number, count: number) => {
    sums[corner] += sum;
    counts[corner] += count;
  };
  for (const [i, { top, left, bottom, right }] of windows.entries()) {
    const drop = drops[i];
    if (Number.isNaN(drop)) continue;
    add(top * line + left, drop, 1);
    add(top * line + right, -drop, -1);
    add(bottom * line + left, -drop, -1);
    add(bottom * line + right, drop, 1);
  }
  for (let i = 0; i < sums.length; i++) {
    if (i % line > 0) add(i, sums[i - 1], counts[i - 1]);
  }
  for (let i = line; i < sums.length; i++) add(i, sums[i - line], counts[i - line]);
  const data = new Float32Array(channels * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * line + x;
      // Where nothing counts, rounding can leave a sum that is not quite zero.
      data[y * width + x] = counts[at] === 0 ? NaN : sums[at] / counts[at];
    }
  }
  for (let channel = 1; channel < channels; channel++) {
    data.copyWithin(channel * height * width, 0, height * width);
  }
  return float32(data, dims);
}
