import type { RunOptions } from "../../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { argmax, scoresIn, scoreTensors } from "../class_scores.ts";
import type { Network } from "../network.ts";
import { sumOfChannel } from "./channel_sums.ts";
import { occlusionGrid, type Window } from "./grid.ts";
import { occluder } from "./occluder.ts";
import type { OcclusionJob } from "./plan.ts";

/** What is measured at each position. */
export const COLUMNS = ["logit", "probability", "topClass", "topProbability", "layerSum"] as const;

/** Inputs that are run at once on a GPU. */
const GPU_BATCH = 8;

/** The measures at some positions in a row. */
export interface OcclusionPart {
  /** Index of the first position; they count row by row. */
  readonly first: number;
  readonly count: number;
  /** [count, COLUMNS.length]; `layerSum` is NaN where no layer is followed. */
  readonly values: Float32Array;
}

/** What a tile needs to know of the plan. */
export interface TilePlan {
  readonly job: OcclusionJob;
  readonly input: Tensor<"float32">;
}

/**
 * Puts the occluder at the positions `first` to `first + count - 1` and looks.
 *
 * On WASM every position is run by itself, so that a map is the same to the last bit however it
 * is split into tiles.
 *
 * @param options `onPosition` hears how many positions are done.
 * @throws {RangeError} If the positions are not all on the grid, or the input is not of the job's
 * shape.
 */
export async function evaluateTile(
  network: Network,
  { job, input }: TilePlan,
  first: number,
  count: number,
  options: RunOptions & { readonly onPosition?: (done: number) => void } = {},
): Promise<OcclusionPart> {
  const { dims, window, stride, fill, seed } = job;
  if (`${input.dims}` !== `${dims}`) {
    throw new RangeError(
      `Cannot evaluate the tile: the input has shape [${input.dims}], expected [${dims}]`,
    );
  }
  const { windows } = occlusionGrid(dims[2], dims[3], window, stride);
  if (!(first >= 0 && count >= 1 && first + count <= windows.length)) {
    throw new RangeError(
      `Cannot evaluate the tile: it is ${count} positions from ${first} on, expected 1 or more ` +
        `within 0 to ${windows.length - 1}`,
    );
  }
  const preprocessing = network.manifest.input;
  const shown = occluder(fill, { input, window, seed, preprocessing });
  const values = new Float32Array(count * COLUMNS.length);
  const batch = network.backend === "webgpu" && network.canBatch ? GPU_BATCH : 1;
  for (let done = 0; done < count; done += batch) {
    const some = windows.slice(first + done, first + Math.min(done + batch, count));
    const rows = await evaluate(network, job, occluded(input, shown, some), options);
    values.set(rows, done * COLUMNS.length);
    options.onPosition?.(done + some.length);
  }
  return { first, count, values };
}

/** One copy of the input for each window, with the occluder there. */
export function occluded(
  input: Tensor<"float32">,
  shown: Tensor<"float32">,
  windows: readonly Window[],
): Tensor<"float32"> {
  const [, channels, height, width] = input.dims;
  const size = elementCount(input.dims);
  const data = new Float32Array(windows.length * size);
  for (const [n, { top, left, bottom, right }] of windows.entries()) {
    const copy = data.subarray(n * size, (n + 1) * size);
    copy.set(input.data);
    for (let channel = 0; channel < channels; channel++) {
      for (let y = top; y < bottom; y++) {
        const row = (channel * height + y) * width;
        copy.set(shown.data.subarray(row + left, row + right), row + left);
      }
    }
  }
  return float32(data, [windows.length, channels, height, width]);
}

async function evaluate(
  network: Network,
  { target, layer }: OcclusionJob,
  inputs: Tensor<"float32">,
  options: RunOptions,
): Promise<Float32Array> {
  const outputs = [...scoreTensors(network), ...layer === null ? [] : [layer.tensor]];
  const results = await network.forward(inputs, outputs, options);
  const batch = inputs.dims[0];
  const rows = Array.from({ length: batch }, (_, row) => {
    const { logits, probabilities } = scoresIn(network, results, row, batch);
    const top = argmax(logits);
    const sum = layer === null ? NaN : sumOfChannel(results[layer.tensor], layer.channel, row);
    return [logits[target], probabilities[target], top, probabilities[top], sum];
  });
  return Float32Array.from(rows.flat());
}
