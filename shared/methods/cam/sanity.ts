import type { Context, Steps } from "../../contract/method.ts";
import { InputError } from "../../errors.ts";
import { cascade, type SanityStage } from "../../evaluation/cascade.ts";
import { sanityFigure } from "../../evaluation/sanity_figure.ts";
import { spearman } from "../../metrics/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ClassMap } from "./class_map.ts";
import { METHOD_TITLES } from "./figures.ts";
import type { CamOptions } from "./options.ts";
import { randomWeightsKernel } from "./random_weights.ts";

/** Too few positions order nothing. */
const LEAST_POSITIONS = 4;

/** The cascade of random weights of a map, as a figure and as measures. */
export async function* checkSanity(
  context: Context,
  input: Tensor<"float32">,
  { target, map, width, height }: ClassMap,
  layer: string,
  { method, seed }: Pick<CamOptions, "method" | "seed">,
): Steps<ReturnType<typeof resultOf>> {
  if (method === "scorecam") {
    throw new InputError(
      "Cannot randomise weights of scorecam: each stage is as many forward passes as it has " +
        "channels, expected a method by gradients",
    );
  }
  if (map.length < LEAST_POSITIONS) {
    throw new InputError(
      `Cannot compare maps of "${layer}": they have ${map.length} positions, expected ` +
        `${LEAST_POSITIONS} or more`,
    );
  }
  const job = { input, target, layer, positions: map.length, method, seed };
  const found = yield* cascade(context, target.layer, randomWeightsKernel, job);
  const real = map.map(evidence);
  const stages = found.map(({ values, ...stage }): SanityStage => ({
    ...stage,
    sizes: spearman(real, values.map(evidence)),
    values: spearman(map, values),
    ssim: null,
    map: values.map(evidence),
  }));
  return resultOf({ map: real, width, height, stages, subject: METHOD_TITLES[method] });
}

const evidence = (value: number) => Math.max(0, value);

const resultOf = (view: Parameters<typeof sanityFigure>[0]) => ({
  figures: { sanity: sanityFigure(view) },
  measures: { sanity: view.stages.map(({ map: _map, ...numbers }) => numbers) },
});
