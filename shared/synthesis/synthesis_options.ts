import { z } from "zod";
import type { CanvasName } from "./canvas.ts";
import { YOSINSKI_RECIPES } from "../optimize/yosinski_recipes.ts";

/** The recipes by name, and as many steps as suit each. */
const RECIPE_STEPS = {
  fourier: 256,
  "fourier-fast": 32,
  simonyan: 200,
  "yosinski-1": YOSINSKI_RECIPES["yosinski-1"].steps,
  "yosinski-2": YOSINSKI_RECIPES["yosinski-2"].steps,
  "yosinski-3": YOSINSKI_RECIPES["yosinski-3"].steps,
  "yosinski-4": YOSINSKI_RECIPES["yosinski-4"].steps,
} as const;

export type RecipeName = keyof typeof RECIPE_STEPS;

/**
 * How far views of an image differ: shifts as a share of a side, changes of size, turns. Lucid,
 * which the recipe in the spectrum follows, has the published ones. The further they differ, the
 * larger and smoother what comes out, and the more does it convince another network.
 */
export const VIEWS = {
  slight: { shift: 0.1, zoom: 0.15, angle: 0.1 },
  published: { shift: 0.054, zoom: 0.1, angle: 10 * Math.PI / 180 },
  narrow: { shift: 0.15, zoom: 0.3, angle: 15 * Math.PI / 180 },
  wide: { shift: 0.2, zoom: 0.5, angle: 15 * Math.PI / 180 },
} as const;

type ViewsName = keyof typeof VIEWS;

/** Options of every method that makes an image for a unit. */
export const synthesisFields = {
  recipe: z.enum(Object.keys(RECIPE_STEPS) as [RecipeName, ...RecipeName[]])
    .default("fourier")
    .describe(
      "How the image is made: in the spectrum, seen from changing views; the same in a few large " +
        "steps; with a penalty on its size (Simonyan); or with one of Yosinski's four sets of " +
        "regularisers.",
    ),
  steps: z.union([z.literal("auto"), z.int().min(1).max(100_000)]).default("auto")
    .describe('Steps of the ascent, or "auto" for as many as suit the recipe.'),
  contrast: z.number().min(0.01).max(1000).default(10)
    .describe(
      "Recipe simonyan: contrast at which the penalty is as strong as the score is at the start.",
    ).meta({ unit: "levels of 0 to 255" }),
  falloff: z.number().min(0).max(4).default(1.7)
    .describe(
      "Recipes fourier: exponent with which frequencies lose weight; 1 as published, more is " +
        "smoother.",
    ),
  views: z.enum(Object.keys(VIEWS) as [ViewsName, ...ViewsName[]]).default("narrow")
    .describe(
      "Recipes fourier: how far the views differ that the image is seen from; with wide ones it " +
        "convinces other networks more often, and small patterns get lost.",
    ),
  gain: z.number().min(0.001).max(1e6).default(1)
    .describe(
      "Yosinski's recipes: factor of the published rate, for networks whose gradients are smaller " +
        "than those of CaffeNet.",
    ),
  count: z.int().min(1).max(64).default(1)
    .describe("Images to make, each from another seed."),
  seed: z.int().min(0).max(2 ** 31 - 1).default(0)
    .describe("Seed of the first image; the next ones have the numbers after it."),
};

export interface SynthesisOptions {
  readonly recipe: RecipeName;
  readonly steps: "auto" | number;
  readonly contrast: number;
  readonly falloff: number;
  readonly views: ViewsName;
  readonly gain: number;
  readonly count: number;
  readonly seed: number;
  /** @default "input" */
  readonly canvas?: CanvasName;
}

/** How many steps are made: those asked for, or as many as suit the recipe. */
export const stepsOf = ({ recipe, steps }: Pick<SynthesisOptions, "recipe" | "steps">): number =>
  steps === "auto" ? RECIPE_STEPS[recipe] : steps;
