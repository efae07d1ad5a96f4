import { areNumbers, finish, type Kernel, oneByOne } from "../compute/mod.ts";
import type { Context, Steps } from "../contract/method.ts";
import { InputError } from "../errors.ts";
import { deprocess } from "../models/mod.ts";
import type { Network } from "../network/network.ts";
import type { Unit } from "../network/units.ts";
import { ascend, type Ascended } from "../optimize/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { deadReluFallback } from "./dead_relu_fallback.ts";
import { canvasFor } from "./canvas.ts";
import { stepsOf, type SynthesisOptions } from "./synthesis_options.ts";
import { SYNTHESIS_RECIPES, type SynthesisRecipe } from "./synthesis_recipes.ts";
import type { UnitGradientOptions } from "./unit_gradient.ts";

/** Images reported on the way, for previews. */
const PREVIEWS = 16;

/** An image that was made to activate a unit, as fed to the network, and the way there. */
export interface Synthesis extends Ascended {
  readonly unit: Unit;
  readonly seed: number;
}

/** What is to be raised. */
export interface SynthesisAim extends Pick<UnitGradientOptions, "score"> {
  /** Of one layer; each has images of its own. */
  readonly units: readonly Unit[];
}

interface SynthesisJob {
  readonly aim: SynthesisAim;
  readonly options: SynthesisOptions;
}

/** How far a synthesis is, or what came of it. */
type SynthesisResult =
  | { readonly step: number; readonly image?: Tensor<"float32"> }
  | { readonly made: Synthesis };

/** One image; items count the seeds of the first unit, then those of the second. */
export const synthesisKernel: Kernel<SynthesisJob, number, SynthesisResult, Network> = {
  id: "synthesis/image",
  isLong: true,
  isResult: (value) =>
    "made" in (value as SynthesisResult) &&
    areNumbers(
      (value as { made: Synthesis }).made.image.data,
      elementCount((value as { made: Synthesis }).made.image.dims),
    ),
  open(network, { aim: { units, score }, options }, { signal }) {
    const recipe: SynthesisRecipe = SYNTHESIS_RECIPES[options.recipe];
    const { contrast, falloff, views, gain } = options;
    const steps = stepsOf(options);
    const { layer } = units[0];
    const ground = canvasFor(network, layer, options.canvas ?? "input");
    const gradientFor = deadReluFallback(ground, layer, { score, signal });
    return Promise.resolve(oneByOne(async (item, { signal, report }) => {
      const unit = units[Math.floor(item / options.count)];
      const seed = options.seed + item % options.count;
      const gradientOf = gradientFor(unit);
      const settings = { steps, seed, size: contrast, falloff, views, gain };
      const way = ascend(recipe.begin(ground, gradientOf, settings), {
        keep: recipe.keep,
        signal,
      });
      const made = await finish(way, ({ index, image }) => {
        const isShown = index % Math.ceil(steps / PREVIEWS) === 0 || index === steps - 1;
        report({ step: index + 1, image: isShown ? image : undefined });
      });
      return { made: { ...made, unit, seed } };
    }));
  },
};

/**
 * Makes `count` images for each unit that raise its activation, or the mean of its channel.
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
  const items = Array.from({ length: aim.units.length * count }, (_, i) => i);
  const done = new Map<number, number>();
  const made = new Map<number, Synthesis>();
  const found = context.map(synthesisKernel, { aim, options }, items, { batch: 1 });
  for await (const { item, result } of found) {
    if ("made" in result) {
      made.set(item, result.made);
      continue;
    }
    done.set(item, result.step);
    const { image } = result;
    yield {
      done: [...done.values()].reduce((sum, step) => sum + step, 0),
      total: items.length * steps,
      unit: "steps",
      preview: image && (() => deprocess(image, input)),
    };
  }
  return items.map((item) => made.get(item)!);
}
