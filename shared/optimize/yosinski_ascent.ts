import type { ManifestInput } from "../models/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { blurPlanes } from "../image/blur.ts";
import type { AscentPoint, GradientFunction } from "./ascend.ts";
import { levelSpace } from "./level_space.ts";
import { percentile } from "../tensor/stats.ts";
import type { YosinskiRecipe } from "./yosinski_recipes.ts";

/** Standard deviation of the noise at the start, in levels about the mean image. */
const START = 10;

/**
 * Ascends pixel by pixel from noise about the mean image. A step is: clip to what can be shown,
 * measure, ascend, decay, blur, and send weak pixels to the mean; the last one only measures.
 *
 * @see Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015
 */
export async function* yosinskiAscent(
  dims: readonly number[],
  input: ManifestInput,
  gradientOf: GradientFunction,
  { recipe, steps, seed, gain = 1 }: {
    readonly recipe: YosinskiRecipe;
    readonly steps: number;
    readonly seed: number;
    /** Factor of the recipe's rate. @default 1 */
    readonly gain?: number;
  },
): AsyncGenerator<AscentPoint> {
  const space = levelSpace(input);
  const noise = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => START * normalAt(seed, i),
  );
  let levels = float32(noise, dims);
  for (let step = 0; step < steps; step++) {
    space.clip(levels);
    const image = space.toInput(levels);
    const { value, gradient } = await gradientOf(image);
    yield { image, value };
    const slope = space.gradient(gradient);
    const rate = gain * rateOf(recipe, slope);
    levels = float32(levels.data.map((v, i) => (v + rate * slope[i]) * (1 - recipe.decay)), dims);
    const { blur } = recipe;
    if (blur && step % blur.every === 0) levels = blurPlanes(levels, blur.sigma);
    dropWeak(levels, recipe.normPercentile, pixelNorms);
    dropWeak(levels, recipe.contributionPercentile, (point) => contributions(point, slope));
  }
}

function rateOf({ rate }: YosinskiRecipe, slope: Float32Array): number {
  if ("constant" in rate) return rate.constant;
  const square = slope.reduce((sum, g) => sum + g * g, 0);
  return Math.min(rate.max, rate.progress / square);
}

/** Sets pixels to 0 whose strength is below a percentile of all. */
function dropWeak(
  levels: Tensor<"float32">,
  percent: number,
  strengthsOf: (levels: Tensor<"float32">) => Float32Array,
): void {
  if (percent === 0) return;
  const strengths = strengthsOf(levels);
  const least = percentile(strengths, percent);
  const { data } = levels;
  for (let i = 0; i < data.length; i++) {
    if (strengths[i % strengths.length] < least) data[i] = 0;
  }
}

/** The norm of each pixel over the planes. */
function pixelNorms({ data, dims }: Tensor<"float32">): Float32Array {
  const squares = new Float32Array(dims[2] * dims[3]);
  for (let i = 0; i < data.length; i++) squares[i % squares.length] += data[i] * data[i];
  return squares.map(Math.sqrt);
}

/** How much the value would change, to first order, if a pixel were at the mean. */
function contributions({ data, dims }: Tensor<"float32">, slope: Float32Array): Float32Array {
  const sums = new Float32Array(dims[2] * dims[3]);
  for (let i = 0; i < data.length; i++) sums[i % sums.length] += data[i] * slope[i];
  return sums.map(Math.abs);
}
