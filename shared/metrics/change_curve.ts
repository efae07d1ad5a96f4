import { InputError } from "../errors.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";

/** How a score changes while an image is changed, pixel by pixel, in the order of a map. */
export interface ChangeCurve {
  /** The score before the first change and after each. */
  readonly scores: Float32Array;
  /** The area under the scores, with the changes taken as an axis from 0 to 1. */
  readonly area: number;
}

export interface ChangeCurveOptions {
  /** Pixels changed at once. @default a row of the image */
  readonly step?: number;
  /** Ends the work with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Turns one image into another, the pixels with the largest values of a map first (of equal ones
 * those further up and left), and scores what stands in between.
 *
 * Deletion goes from the image to zeros: a map that is right has a small area. Insertion goes from
 * {@linkcode blurForInsertion} to the image: a map that is right has a large one.
 *
 * @param from [1, C, H, W]
 * @param to Shaped like `from`.
 * @param map For each of the H x W pixels, how much it matters.
 * @param scoreOf The score of an image, such as the probability of its class.
 * @throws {RangeError} If sizes do not fit, the map holds NaN, or the step is no whole number above 0.
 *
 * @see Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models",
 * BMVC 2018
 */
export async function changeCurve(
  from: Tensor<"float32">,
  to: Tensor<"float32">,
  map: ArrayLike<number>,
  scoreOf: (image: Tensor<"float32">) => Promise<number>,
  options: ChangeCurveOptions = {},
): Promise<ChangeCurve> {
  const [, channels, height, width] = from.dims;
  const { step = width, signal } = options;
  const area = height * width;
  checkArguments(from, to, map, step, area);
  const order = pixelOrder(map);
  const scores = new Float32Array(Math.ceil(area / step) + 1);
  const data = from.data.slice();
  for (let i = 0; i < scores.length; i++) {
    signal?.throwIfAborted();
    scores[i] = await scoreOf(float32(data.slice(), from.dims));
    for (const pixel of order.subarray(i * step, (i + 1) * step)) {
      for (let c = 0; c < channels; c++) data[c * area + pixel] = to.data[c * area + pixel];
    }
  }
  return { scores, area: areaUnder(scores) };
}

/** Pixels by falling value of a map; of equal ones those further up and left first. */
export const pixelOrder = (map: ArrayLike<number>): Uint32Array =>
  Uint32Array.from(map, (_, i) => i).sort((i, j) => map[j] - map[i]);

/** The area under two scores or more at even distances, along an axis from 0 to 1. */
export function areaUnder(scores: Float32Array): number {
  const sum = scores.reduce((total, score) => total + score, 0);
  return (sum - (scores[0] + scores.at(-1)!) / 2) / (scores.length - 1);
}

function checkArguments(
  from: Tensor,
  to: Tensor,
  map: ArrayLike<number>,
  step: number,
  area: number,
): void {
  if (from.dims.length !== 4 || `${from.dims}` !== `${to.dims}` || map.length !== area) {
    throw new InputError(
      `Cannot turn an image [${from.dims}] into one of [${to.dims}] by a map of ${map.length} ` +
        "values: expected [1, C, H, W] twice, and H x W values",
    );
  }
  if (!Number.isInteger(step) || step < 1) {
    throw new InputError(`Cannot change ${step} pixels at once: valid are whole numbers above 0`);
  }
  const wrong = Array.prototype.findIndex.call(map, Number.isNaN);
  if (wrong >= 0) throw new InputError(`Cannot order pixels: value ${wrong} of the map is NaN`);
}
