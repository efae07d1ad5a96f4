import type { FigureSet, NetworkOutline } from "./figure_set.ts";
import { unitRecipe } from "./unit_recipe.ts";

/**
 * Class visualizations, by class and recipe; another network judges them.
 *
 * @param settings Recipes with what they are given.
 * @param targets Which classes are shown.
 */
export const classModels = (
  settings: readonly { readonly recipe: string; readonly steps?: number; readonly gain?: number }[],
  targets: (network: NetworkOutline) => readonly number[],
): FigureSet => ({
  id: "class-models",
  method: "class-model",
  options: (network) =>
    settings.flatMap((setting) => targets(network).map((target) => ({ target, ...setting }))),
  isJudged: true,
  imageNames: ["class-model"],
  figureNames: [],
});

/**
 * The first channels of all layers come first, so that every layer has some while the others are
 * being made.
 *
 * @param count Channels of each layer; all of those that have fewer.
 */
export const neurons = (aliases: readonly string[], count: number, steps: number): FigureSet => ({
  id: "neurons",
  method: "neuron",
  options: ({ layers }) => {
    const shown = layers.filter(({ alias }) => aliases.includes(alias));
    return Array.from({ length: count }, (_, channel) => channel).flatMap((channel) =>
      shown.filter(({ channels }) => channel < channels)
        .map(({ alias }) => ({ unit: `${alias}:${channel}`, steps }))
    );
  },
  imageNames: ["neuron"],
  figureNames: [],
});

/** Units of a figure: as many as one waits for, and as a sheet of them shows well on a phone. */
const SHEET = 32;

/**
 * Every channel of some layers, several a figure.
 *
 * @param order By breadth, so that every layer has some while the others are being made, or one
 * layer after the other.
 */
export const unitSheets = (aliases: readonly string[], order: "breadth" | "depth"): FigureSet => ({
  id: "units",
  method: "neuron",
  options: ({ layers }) => {
    const sheets = aliases.flatMap((alias) => {
      const { channels = 0 } = layers.find((layer) => layer.alias === alias) ?? {};
      return Array.from({ length: Math.ceil(channels / SHEET) }, (_, sheet) => {
        const first = sheet * SHEET;
        const last = Math.min(first + SHEET, channels) - 1;
        return {
          sheet,
          options: { unit: `${alias}:${first}-${last}`, ...unitRecipe(alias) },
        };
      });
    });
    const sorted = order === "depth" ? sheets : sheets.sort((a, b) => a.sheet - b.sheet);
    return sorted.map(({ options }) => options);
  },
  figureNames: [],
});

/** A figure of each layer. */
export const perLayer = (id: string, method: string, layers: readonly string[]): FigureSet => ({
  id,
  method,
  options: () => layers.map((layer) => ({ layer })),
  thumbnail: method,
  imageNames: [],
});

/**
 * DeepDreams out of noise, one of each layer.
 *
 * @param enlarge How many times as large as the input.
 */
export const dreams = (layers: readonly string[], enlarge: number): FigureSet => ({
  id: "dreams",
  method: "deep-dream",
  options: () => layers.map((layer) => ({ layer, enlarge, octaves: 5, iterations: 20 })),
  figureNames: [],
});
