import {
  type AscendOptions,
  type AscentPoint,
  fourierAscent,
  type GradientFunction,
  simonyanAscent,
  YOSINSKI_RECIPES,
  yosinskiAscent,
} from "../optimize/mod.ts";
import type { CutNetwork } from "../network/on_canvas.ts";
import { type RecipeName, VIEWS } from "./synthesis_options.ts";

/** What a person may choose of a synthesis, whatever the recipe. */
export interface RecipeSettings {
  readonly steps: number;
  readonly seed: number;
  /** Of the recipe that has a penalty on the norm: see {@linkcode simonyanAscent}. */
  readonly size: number;
  /** Of the recipe in the spectrum: see {@linkcode fourierAscent}. */
  readonly falloff: number;
  /** Of the recipe in the spectrum. */
  readonly views: keyof typeof VIEWS;
  /** Of Yosinski's recipes: factor of the published rate. */
  readonly gain: number;
}

/** A way of making an image that raises an activation. */
export interface SynthesisRecipe {
  readonly keep: AscendOptions["keep"];
  /** Whether another seed gives another image. */
  readonly isSeeded: boolean;
  /** What of a class is raised, as far as the network has it and nobody asks for the other. */
  readonly raises: "logit" | "log-odds";
  begin(
    network: CutNetwork,
    gradientOf: GradientFunction,
    settings: RecipeSettings,
  ): AsyncIterable<AscentPoint>;
}

/** Levels a pixel moves in the first step of the recipe with a penalty, on average. */
const SIMONYAN_RATE = 0.3;

/** Of Adam in the spectrum, as in Lucid. */
const FOURIER_RATE = 0.05;

/** With few steps; beyond it, colours saturate before a pattern is there. */
const FAST_RATE = 0.12;

function fourier(rate: number): SynthesisRecipe {
  return {
    // Values belong to views, which differ, so that none is best.
    keep: "last",
    isSeeded: true,
    raises: "log-odds",
    begin(network, gradientOf, { steps, seed, falloff, views }) {
      const { inputDims, manifest: { input } } = network;
      const { shift, ...turns } = VIEWS[views];
      const run = network.evaluate.bind(network);
      return fourierAscent(inputDims, input, { gradientOf, run }, {
        steps,
        rate,
        seed,
        views: { shift: shift * Math.max(input.height, input.width), ...turns },
        falloff,
      });
    },
  };
}

function yosinski(name: keyof typeof YOSINSKI_RECIPES): SynthesisRecipe {
  const recipe = YOSINSKI_RECIPES[name];
  return {
    keep: "best",
    isSeeded: true,
    raises: "logit",
    begin: ({ inputDims, manifest }, gradientOf, settings) =>
      yosinskiAscent(inputDims, manifest.input, gradientOf, { ...settings, recipe }),
  };
}

/** The recipes by name. */
export const SYNTHESIS_RECIPES = {
  fourier: fourier(FOURIER_RATE),
  "fourier-fast": fourier(FAST_RATE),
  simonyan: {
    keep: "best",
    isSeeded: false,
    raises: "logit",
    begin: ({ inputDims, manifest }, gradientOf, settings) =>
      simonyanAscent(inputDims, manifest.input, gradientOf, { ...settings, rate: SIMONYAN_RATE }),
  },
  "yosinski-1": yosinski("yosinski-1"),
  "yosinski-2": yosinski("yosinski-2"),
  "yosinski-3": yosinski("yosinski-3"),
  "yosinski-4": yosinski("yosinski-4"),
} as const satisfies Readonly<Record<RecipeName, SynthesisRecipe>>;
