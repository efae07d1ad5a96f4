import { InputError } from "../errors.ts";
import { climb, type Climbed } from "../optimize/mod.ts";
import { deprocess } from "../models/mod.ts";
import type { Network } from "../network/network.ts";
import type { SynthesisOptions } from "./synthesis_options.ts";
import { SYNTHESIS_RECIPES, type SynthesisRecipe } from "./synthesis_recipes.ts";
import type { RunContext } from "../contract/technique.ts";
import type { Unit } from "../network/unit.ts";
import type { UnitSlopeOptions } from "./unit_slope.ts";
import { livingSlope } from "./living_slope.ts";

/** Previews of each picture. */
const PREVIEWS = 16;

/** A picture that was made to excite a unit, as fed to the network, and the way there. */
export interface Synthesis extends Climbed {
  readonly seed: number;
}

/** What is to be raised. */
export interface SynthesisAim extends Pick<UnitSlopeOptions, "score"> {
  readonly unit: Unit;
}

/**
 * Makes `count` pictures that raise the activation of a unit, or the mean of a channel.
 *
 * @throws {RangeError} If there is no such unit, no gradient reaches the picture, or several
 * pictures are asked for of a recipe that always makes the same.
 */
export async function synthesize(
  network: Network,
  { unit, score }: SynthesisAim,
  options: SynthesisOptions,
  { signal, onProgress }: RunContext,
): Promise<Synthesis[]> {
  const recipe: SynthesisRecipe = SYNTHESIS_RECIPES[options.recipe];
  const { count, contrast, falloff, views, gain } = options;
  if (count > 1 && !recipe.isSeeded) {
    throw new InputError(
      `Cannot make ${count} pictures with the recipe ${options.recipe}: it starts from the mean ` +
        "picture and always makes the same one",
    );
  }
  const steps = options.steps === "auto" ? recipe.steps : options.steps;
  const slopeOf = livingSlope(network, unit, { score, signal });
  const made: Synthesis[] = [];
  for (let i = 0; i < count; i++) {
    const seed = options.seed + i;
    const climbed = await climb(
      recipe.begin(network, slopeOf, { steps, seed, size: contrast, falloff, views, gain }),
      {
        keep: recipe.keep,
        signal,
        onPoint({ picture }, index) {
          const isShown = index % Math.ceil(steps / PREVIEWS) === 0 || index === steps - 1;
          onProgress?.({
            done: i * steps + index + 1,
            total: count * steps,
            unit: "steps",
            preview: isShown ? deprocess(picture, network.manifest.input) : undefined,
          });
        },
      },
    );
    made.push({ ...climbed, seed });
  }
  return made;
}
