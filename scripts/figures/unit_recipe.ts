import type { ChosenOptions } from "./figure_set.ts";

/** Few large steps on the part of the image that a unit sees; docs/benchmarks.md compares. */
const FAST = { recipe: "fourier-fast", canvas: "field", views: "slight", falloff: 1.5 } as const;

/**
 * A channel that nothing on a small canvas activates has no slope to climb: of fire9 that are six of
 * sixteen on its field, one on the whole input.
 */
const WHOLE = { ...FAST, canvas: "input", steps: 64 } as const;

const DEEP = ["fire9", "inception_4e"];

/** Units of early layers take more steps to what they activate at most, and cost least. */
const MORE_STEPS: Readonly<Record<string, number>> = {
  relu_conv1: 96,
  conv1: 96,
  fire2: 48,
  fire3: 48,
  fire4: 40,
  fire5: 40,
  conv2: 48,
};

/**
 * How the gallery makes the units of a layer.
 *
 * @param alias Of the layer; layers of different networks that have the same are made alike.
 */
export const unitRecipe = (alias: string): ChosenOptions =>
  DEEP.includes(alias) ? WHOLE : { ...FAST, steps: MORE_STEPS[alias] };
