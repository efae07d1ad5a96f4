import type { Context, Steps } from "../../contract/method.ts";
import { cascade, type SanityStage } from "../../evaluation/cascade.ts";
import { spearman, ssim } from "../../metrics/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { GradientSpec } from "../../network/image_gradient.ts";
import type { GradientOptions } from "./options.ts";
import { maxOverChannels } from "./figures.ts";
import { randomWeightsKernel } from "./random_weights.ts";

/** Side of the smallest image that structural similarity is defined for. */
const SSIM_WINDOW = 11;

export interface SanityScope {
  readonly spec: GradientSpec;
  readonly input: Tensor<"float32">;
  /** What the cascade is compared with. */
  readonly gradient: Tensor<"float32">;
  readonly options: GradientOptions;
}

/** Cascading randomisation of the weights, each gradient compared with the real one. */
export async function* sanityStages(
  context: Context,
  { spec, input, gradient, options }: SanityScope,
): Steps<SanityStage[]> {
  const { samples, noise, seed } = options;
  const job = { spec, input, samples, noise, seed };
  const compare = comparison(gradient);
  const found = yield* cascade(context, spec.aim.layer, randomWeightsKernel, job);
  return found.map(({ values, ...stage }) => ({ ...stage, ...compare(values) }));
}

/** How other gradients compare with this one. */
function comparison({ data, dims: [, channels, height, width] }: Tensor<"float32">) {
  const real = data.map(Math.abs);
  const realMap = maxOverChannels(real, channels, height * width);
  const isLarge = Math.min(height, width) >= SSIM_WINDOW;
  return (other: Float32Array) => {
    const sizes = other.map(Math.abs);
    const map = maxOverChannels(sizes, channels, height * width);
    const [a, b] = [realMap, map].map((values) => ({ width, height, values: scaled(values) }));
    return {
      sizes: spearman(real, sizes),
      values: spearman(data, other),
      ssim: isLarge ? ssim(a, b, 1) : null,
      map,
    };
  };
}

/** To 0..1, since random weights change how large a gradient is. */
function scaled(map: Float32Array): Float32Array {
  const most = map.reduce((a, b) => Math.max(a, b), 0) || 1;
  return map.map((value) => value / most);
}
