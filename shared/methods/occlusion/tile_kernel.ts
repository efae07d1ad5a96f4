import { InputError } from "../../errors.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Network } from "../../network/network.ts";
import { fullInference } from "./full_inference.ts";
import { occlusionGrid } from "./grid.ts";
import { incrementalInference } from "./incremental_inference.ts";
import { columnOf, COLUMNS, type TilePlan } from "./inference.ts";
import { occluder } from "./occluder.ts";
import type { Kernel } from "../../compute/mod.ts";

/** The measures at some positions. */
export interface OcclusionPart {
  /** Which ones; they count row by row. */
  readonly positions: readonly number[];
  /**
   * [positions, COLUMNS.length]; NaN where something is not measured: the sum of a layer that is not
   * followed, all but the logit if that is all that was asked for.
   */
  readonly values: Float32Array;
}

export interface EvaluateOptions extends RunOptions {
  /** Hears how many positions are done. */
  readonly onPosition?: (done: number) => void;
}

/** Evaluates positions of one plan. */
export type TileEvaluator = (
  positions: readonly number[],
  options?: EvaluateOptions,
) => Promise<OcclusionPart>;

/**
 * Puts the occluder at some positions and looks.
 *
 * On WASM every position is run by itself, so that a map is the same to the last bit however it
 * is split into tiles.
 *
 * @param positions Each once, in any order.
 * @throws {RangeError} If the positions are not all on the grid, or the input is not of the job's
 * shape.
 */
export async function evaluateTile(
  network: Network,
  plan: TilePlan,
  positions: readonly number[],
  options: EvaluateOptions = {},
): Promise<OcclusionPart> {
  return await (await tileEvaluator(network, plan, options))(positions, options);
}

/** The same for one tile after the other: what they share is made once. */
export async function tileEvaluator(
  network: Network,
  { job, input }: TilePlan,
  options: RunOptions = {},
): Promise<TileEvaluator> {
  const { dims, window, stride, fill, seed } = job;
  if (`${input.dims}` !== `${dims}`) {
    throw new InputError(
      `Cannot evaluate the tile: the input has shape [${input.dims}], expected [${dims}]`,
    );
  }
  const { windows } = occlusionGrid(dims[2], dims[3], window, stride);
  const preprocessing = network.manifest.input;
  const shown = occluder(fill, { input, window, seed, preprocessing });
  const inference = job.inference === "full"
    ? fullInference(network, job, windows, { input, shown })
    : await incrementalInference(network, job, { input, shown }, options);
  return async function evaluate(positions, { onPosition, ...options } = {}) {
    const places = placesOf(positions, windows.length);
    const width = COLUMNS.length;
    const values = new Float32Array(positions.length * width);
    let done = 0;
    for (const group of inference.groups(positions)) {
      const rows = await inference.evaluate(group, options);
      for (const [row, position] of group.entries()) {
        requireScore(rows[row * width], job, position);
        values.set(rows.subarray(row * width, (row + 1) * width), places.get(position)! * width);
      }
      done += group.length;
      onPosition?.(done);
    }
    return { positions, values };
  };
}

/** @throws {InputError} If what is explained is NaN or infinite with the occluder at a position. */
function requireScore(value: number, { explained }: TilePlan["job"], position: number): void {
  if (Number.isFinite(value)) return;
  throw new InputError(
    `Cannot occlude: the ${explained?.quantity ?? "logit"} is ${value} with the occluder at ` +
      `position ${position}, expected a finite number; the network or the occluder has non-finite ` +
      "values, too large ones, or, of a similarity, no features",
  );
}

/** Where in the list each position is. */
function placesOf(positions: readonly number[], total: number): ReadonlyMap<number, number> {
  const places = new Map(positions.map((position, i) => [position, i]));
  const isStray = (position: number) =>
    !Number.isInteger(position) || position < 0 || position >= total;
  if (positions.length === 0 || places.size < positions.length || positions.some(isStray)) {
    throw new InputError(
      `Cannot evaluate the tile: its positions are [${positions}], expected one or more, each ` +
        `once, within 0 to ${total - 1}`,
    );
  }
  return places;
}

const WIDTH = COLUMNS.length;

/** The measures at one position, {@linkcode COLUMNS}. */
export const tileKernel: Kernel<TilePlan, number, Float32Array, Network> = {
  id: "occlusion/tile",
  isResult(value, { job: { measures, layer } }) {
    if (!(value instanceof Float32Array) || value.length !== WIDTH) return false;
    const [logit, probability, topClass, topProbability, layerSum] = value;
    const isShare = (share: number) => share >= 0 && share <= 1 + 1e-5;
    if (!Number.isFinite(logit)) return false;
    if (Number.isFinite(layerSum) !== (layer !== null)) return false;
    if (measures === "logit") return true;
    return isShare(probability) && isShare(topProbability) && Number.isInteger(topClass) &&
      topClass >= 0;
  },
  async open(network, plan, options) {
    const evaluate = await tileEvaluator(network, plan, options);
    return async (positions, options) => {
      const { values } = await evaluate(positions, options);
      return positions.map((_, i) => values.slice(i * WIDTH, (i + 1) * WIDTH));
    };
  },
};

/** One column of the measures at one position. */
export const measureOf = (values: Float32Array, name: typeof COLUMNS[number]): number =>
  columnOf(values, name)[0];
