import type { ManifestInput } from "../models/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { blurPlanes } from "./blur_planes.ts";
import type { ClimbPoint, SlopeOf } from "./climb.ts";
import { levelSpace } from "./level_space.ts";
import { percentile } from "./percentile.ts";
import type { YosinskiRecipe } from "./yosinski_recipes.ts";

/** Standard deviation of the noise at the start, in levels about the mean picture. */
const START = 10;

/**
 * Ascends pixel by pixel from noise about the mean picture. A step is: clip to what can be shown,
 * measure, climb, decay, blur, and send weak pixels to the mean; the last one only measures.
 *
 * @see Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015
 */
export async function* yosinskiAscent(
  dims: readonly number[],
  input: ManifestInput,
  slopeOf: SlopeOf,
  { recipe, steps, seed }: {
    readonly recipe: YosinskiRecipe;
    readonly steps: number;
    readonly seed: number;
  },
): AsyncGenerator<ClimbPoint> {
  const space = levelSpace(input);
  const noise = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => START * normalAt(seed, i),
  );
  let levels = float32(noise, dims);
  for (let step = 0; step < steps; step++) {
    space.clip(levels);
    const picture = space.toInput(levels);
    const { value, gradient } = await slopeOf(picture);
    yield { picture, value };
    const slope = space.gradient(gradient);
    const rate = rateOf(recipe, slope);
    levels = float32(levels.data.map((v, i) => (v + rate * slope[i]) * (1 - recipe.decay)), dims);
    const { blur } = recipe;
    if (blur && step % blur.every === 0) levels = blurPlanes(levels, blur.sigma);
    dropWeak(levels, recipe.normPercentile, (pixel) => Math.hypot(...pixel.map(([v]) => v)), slope);
    dropWeak(
      levels,
      recipe.contributionPercentile,
      (pixel) => Math.abs(pixel.reduce((sum, [v, g]) => sum + v * g, 0)),
      slope,
    );
  }
}

function rateOf({ rate }: YosinskiRecipe, slope: Float32Array): number {
  if ("constant" in rate) return rate.constant;
  const square = slope.reduce((sum, g) => sum + g * g, 0);
  return Math.min(rate.max, rate.progress / square);
}

/** Sets pixels to 0 whose strength is below a percentile of all. */
function dropWeak(
  { data, dims }: Tensor<"float32">,
  percent: number,
  strengthOf: (pixel: readonly (readonly [value: number, slope: number])[]) => number,
  slope: Float32Array,
): void {
  if (percent === 0) return;
  const area = dims[2] * dims[3];
  const planes = Array.from({ length: dims[1] }, (_, c) => c * area);
  const strengths = Float32Array.from(
    { length: area },
    (_, i) => strengthOf(planes.map((start) => [data[start + i], slope[start + i]])),
  );
  const least = percentile(strengths, percent);
  strengths.forEach((strength, i) => {
    if (strength < least) { for (const start of planes) data[start + i] = 0; }
  });
}
