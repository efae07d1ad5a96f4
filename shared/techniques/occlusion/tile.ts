import type { RunOptions } from "../../runtime/mod.ts";
import type { Network } from "../network.ts";
import { fullInference } from "./full_inference.ts";
import { occlusionGrid } from "./grid.ts";
import { incrementalInference } from "./incremental_inference.ts";
import { COLUMNS, type TilePlan } from "./inference.ts";
import { occluder } from "./occluder.ts";

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

/**
 * Puts the occluder at some positions and looks.
 *
 * On WASM every position is run by itself, so that a map is the same to the last bit however it
 * is split into tiles.
 *
 * @param positions Each once, in any order.
 * @param options `onPosition` hears how many positions are done.
 * @throws {RangeError} If the positions are not all on the grid, or the input is not of the job's
 * shape.
 */
export async function evaluateTile(
  network: Network,
  { job, input }: TilePlan,
  positions: readonly number[],
  options: RunOptions & { readonly onPosition?: (done: number) => void } = {},
): Promise<OcclusionPart> {
  const { dims, window, stride, fill, seed } = job;
  if (`${input.dims}` !== `${dims}`) {
    throw new RangeError(
      `Cannot evaluate the tile: the input has shape [${input.dims}], expected [${dims}]`,
    );
  }
  const { windows } = occlusionGrid(dims[2], dims[3], window, stride);
  const places = new Map(positions.map((position, i) => [position, i]));
  const stray = positions.find((position) => windows[position] === undefined);
  if (positions.length === 0 || stray !== undefined || places.size < positions.length) {
    throw new RangeError(
      `Cannot evaluate the tile: its positions are [${positions}], expected one or more, each ` +
        `once, within 0 to ${windows.length - 1}`,
    );
  }
  const preprocessing = network.manifest.input;
  const shown = occluder(fill, { input, window, seed, preprocessing });
  const inference = job.inference === "full"
    ? fullInference(network, job, windows, { input, shown })
    : await incrementalInference(network, job, { input, shown }, options);
  const width = COLUMNS.length;
  const values = new Float32Array(positions.length * width);
  let done = 0;
  for (const group of inference.groups(positions)) {
    const rows = await inference.evaluate(group, options);
    for (const [row, position] of group.entries()) {
      values.set(rows.subarray(row * width, (row + 1) * width), places.get(position)! * width);
    }
    done += group.length;
    options.onPosition?.(done);
  }
  return { positions, values };
}
