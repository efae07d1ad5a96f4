import { areNumbers, finish, type Kernel, oneByOne } from "../compute/mod.ts";
import type { Context, Steps } from "../contract/method.ts";
import { InputError } from "../errors.ts";
import { deprocess } from "../models/mod.ts";
import type { Network } from "../network/network.ts";
import type { Unit } from "../network/unit.ts";
import { ascend, type Ascended } from "../optimize/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { deadReluFallback } from "./dead_relu_fallback.ts";
import type { SynthesisOptions } from "./synthesis_options.ts";
import { SYNTHESIS_RECIPES, type SynthesisRecipe } from "./synthesis_recipes.ts";
import type { UnitGradientOptions } from "./unit_gradient.ts";

/** Images reported on the way, for previews. */
const PREVIEWS = 16;

/** An image that was made to activate a unit, as fed to the network, and the way there. */
export interface Synthesis extends Ascended {
  readonly seed: number;
}

/** What is to be raised. */
export interface SynthesisAim extends Pick<UnitGradientOptions, "score"> {
  readonly unit: Unit;
}

interface SynthesisJob {
  readonly aim: SynthesisAim;
  readonly options: SynthesisOptions;
}

/** How far a synthesis is, or what came of it. */
type SynthesisResult =
  | { readonly step: number; readonly image?: Tensor<"float32"> }
  | { readonly made: Synthesis };

/** One image, from the seed that is its item. */
export const synthesisKernel: Kernel<SynthesisJob, number, SynthesisResult, Network> = {
  id: "synthesis/image",
  isLong: true,
  isResult: (value) =>
    "made" in (value as SynthesisResult) &&
    areNumbers(
      (value as { made: Synthesis }).made.image.data,
      elementCount((value as { made: Synthesis }).made.image.dims),
    ),
  open(network, { aim: { unit, score }, options }, { signal }) {
    const recipe: SynthesisRecipe = SYNTHESIS_RECIPES[options.recipe];
    const { contrast, falloff, views, gain } = options;
    const steps = stepsOf(options);
    const gradientOf = deadReluFallback(network, unit, { score, signal });
    return Promise.resolve(oneByOne(async (seed, { signal, report }) => {
      const settings = { steps, seed, size: contrast, falloff, views, gain };
      const way = ascend(recipe.begin(network, gradientOf, settings), {
        keep: recipe.keep,
        signal,
      });
      const made = await finish(way, ({ index, image }) => {
        const isShown = index % Math.ceil(steps / PREVIEWS) === 0 || index === steps - 1;
        report({ step: index + 1, image: isShown ? image : undefined });
      });
      return { made: { ...made, seed } };
    }));
  },
};

const stepsOf = ({ recipe, steps }: SynthesisOptions): number =>
  steps === "auto" ? SYNTHESIS_RECIPES[recipe].steps : steps;

/**
 * Makes `count` images that raise the activation of a unit, or the mean of a channel.
 *
 * @throws {InputError} If there is no such unit, no gradient reaches the image, or several
 * images are asked for of a recipe that always makes the same.
 */
export async function* synthesize(
  context: Context,
  aim: SynthesisAim,
  options: SynthesisOptions,
): Steps<Synthesis[]> {
  const { count, recipe } = options;
  if (count > 1 && !SYNTHESIS_RECIPES[recipe].isSeeded) {
    throw new InputError(
      `Cannot make ${count} images with the recipe ${recipe}: it starts from the mean ` +
        "image and always makes the same one",
    );
  }
  const { input } = context.network.manifest;
  const steps = stepsOf(options);
  const seeds = Array.from({ length: count }, (_, i) => options.seed + i);
  const done = new Map<number, number>();
  const made = new Map<number, Synthesis>();
  const found = context.map(synthesisKernel, { aim, options }, seeds, { batch: 1 });
  for await (const { item, result } of found) {
    if ("made" in result) {
      made.set(item, result.made);
      continue;
    }
    done.set(item, result.step);
    const { image } = result;
    yield {
      done: [...done.values()].reduce((sum, step) => sum + step, 0),
      total: count * steps,
      unit: "steps",
      preview: image && (() => deprocess(image, input)),
    };
  }
  return seeds.map((seed) => made.get(seed)!);
}
