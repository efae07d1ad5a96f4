import {
  type ClimbOptions,
  type ClimbPoint,
  fourierAscent,
  simonyanAscent,
  type SlopeOf,
  YOSINSKI_RECIPES,
  yosinskiAscent,
} from "../optimize/mod.ts";
import type { Network } from "../network/network.ts";

/** What a person may choose of a synthesis, whatever the recipe. */
export interface RecipeSettings {
  readonly steps: number;
  readonly seed: number;
  /** Of the recipe that has a penalty on the norm: see {@linkcode simonyanAscent}. */
  readonly size: number;
  /** Of the recipe in the spectrum: see {@linkcode fourierAscent}. */
  readonly falloff: number;
}

/** A way of making a picture that raises an activation. */
export interface SynthesisRecipe {
  readonly steps: number;
  readonly keep: ClimbOptions["keep"];
  /** Whether another seed gives another picture. */
  readonly isSeeded: boolean;
  begin(network: Network, slopeOf: SlopeOf, settings: RecipeSettings): AsyncIterable<ClimbPoint>;
}

/** Levels a pixel moves in the first step of the recipe with a penalty, on average. */
const SIMONYAN_RATE = 0.3;

/**
 * How the Fourier recipe moves and looks. Lucid, which it follows, has a rate of 0.05, shifts of
 * 0.054 of a side, zooms of 0.1 and turns of 10 degrees. Wider views, with weights that fall faster,
 * make larger and smoother objects in fewer steps, which convince another network as well.
 */
const FOURIER = { rate: 0.05, shift: 0.15, zoom: 0.3, angle: 15 * Math.PI / 180 };

function yosinski(name: keyof typeof YOSINSKI_RECIPES): SynthesisRecipe {
  const recipe = YOSINSKI_RECIPES[name];
  return {
    steps: recipe.steps,
    keep: "best",
    isSeeded: true,
    begin: ({ inputDims, manifest }, slopeOf, settings) =>
      yosinskiAscent(inputDims, manifest.input, slopeOf, { ...settings, recipe }),
  };
}

/** The recipes by name. */
export const SYNTHESIS_RECIPES = {
  fourier: {
    steps: 256,
    // Values belong to views, which differ, so that none is best.
    keep: "last",
    isSeeded: true,
    begin(network, slopeOf, { steps, seed, falloff }) {
      const { inputDims, manifest: { input } } = network;
      const { rate, shift, zoom, angle } = FOURIER;
      const views = { shift: shift * Math.max(input.height, input.width), zoom, angle };
      const run = network.evaluate.bind(network);
      return fourierAscent(inputDims, input, { slopeOf, run }, {
        steps,
        rate,
        seed,
        views,
        falloff,
      });
    },
  },
  simonyan: {
    steps: 200,
    keep: "best",
    isSeeded: false,
    begin: ({ inputDims, manifest }, slopeOf, settings) =>
      simonyanAscent(inputDims, manifest.input, slopeOf, { ...settings, rate: SIMONYAN_RATE }),
  },
  "yosinski-1": yosinski("yosinski-1"),
  "yosinski-2": yosinski("yosinski-2"),
  "yosinski-3": yosinski("yosinski-3"),
  "yosinski-4": yosinski("yosinski-4"),
} as const satisfies Readonly<Record<string, SynthesisRecipe>>;

export type RecipeName = keyof typeof SYNTHESIS_RECIPES;
