import { areNumbers, finish, type Kernel, oneByOne } from "../compute/mod.ts";
import type { Context, Steps } from "../contract/technique.ts";
import { InputError } from "../errors.ts";
import { deprocess } from "../models/mod.ts";
import type { Network } from "../network/network.ts";
import type { Unit } from "../network/unit.ts";
import { climb, type Climbed } from "../optimize/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { livingSlope } from "./living_slope.ts";
import type { SynthesisOptions } from "./synthesis_options.ts";
import { SYNTHESIS_RECIPES, type SynthesisRecipe } from "./synthesis_recipes.ts";
import type { UnitSlopeOptions } from "./unit_slope.ts";

/** Images reported on the way, for previews. */
const PREVIEWS = 16;

/** A picture that was made to excite a unit, as fed to the network, and the way there. */
export interface Synthesis extends Climbed {
  readonly seed: number;
}

/** What is to be raised. */
export interface SynthesisAim extends Pick<UnitSlopeOptions, "score"> {
  readonly unit: Unit;
}

interface SynthesisJob {
  readonly aim: SynthesisAim;
  readonly options: SynthesisOptions;
}

/** How far a synthesis is, or what came of it. */
type SynthesisResult =
  | { readonly step: number; readonly picture?: Tensor<"float32"> }
  | { readonly made: Synthesis };

/** One picture, from the seed that is its item. */
export const synthesisKernel: Kernel<SynthesisJob, number, SynthesisResult, Network> = {
  id: "synthesis/image",
  isLong: true,
  isResult: (value) =>
    "made" in (value as SynthesisResult) &&
    areNumbers(
      (value as { made: Synthesis }).made.picture.data,
      elementCount((value as { made: Synthesis }).made.picture.dims),
    ),
  open(network, { aim: { unit, score }, options }, { signal }) {
    const recipe: SynthesisRecipe = SYNTHESIS_RECIPES[options.recipe];
    const { contrast, falloff, views, gain } = options;
    const steps = stepsOf(options);
    const slopeOf = livingSlope(network, unit, { score, signal });
    return Promise.resolve(oneByOne(async (seed, { signal, report }) => {
      const settings = { steps, seed, size: contrast, falloff, views, gain };
      const way = climb(recipe.begin(network, slopeOf, settings), { keep: recipe.keep, signal });
      const made = await finish(way, ({ index, picture }) => {
        const isShown = index % Math.ceil(steps / PREVIEWS) === 0 || index === steps - 1;
        report({ step: index + 1, picture: isShown ? picture : undefined });
      });
      return { made: { ...made, seed } };
    }));
  },
};

const stepsOf = ({ recipe, steps }: SynthesisOptions): number =>
  steps === "auto" ? SYNTHESIS_RECIPES[recipe].steps : steps;

/**
 * Makes `count` pictures that raise the activation of a unit, or the mean of a channel.
 *
 * @throws {InputError} If there is no such unit, no gradient reaches the picture, or several
 * pictures are asked for of a recipe that always makes the same.
 */
export async function* synthesize(
  context: Context,
  aim: SynthesisAim,
  options: SynthesisOptions,
): Steps<Synthesis[]> {
  const { count, recipe } = options;
  if (count > 1 && !SYNTHESIS_RECIPES[recipe].isSeeded) {
    throw new InputError(
      `Cannot make ${count} pictures with the recipe ${recipe}: it starts from the mean ` +
        "picture and always makes the same one",
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
    const { picture } = result;
    yield {
      done: [...done.values()].reduce((sum, step) => sum + step, 0),
      total: count * steps,
      unit: "steps",
      preview: picture && (() => deprocess(picture, input)),
    };
  }
  return seeds.map((seed) => made.get(seed)!);
}
