import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { RECIPES } from "../../../shared/gallery/recipe.ts";
import { figuresOf } from "./figures.ts";
import { networkOf } from "./networks.ts";
import { spread } from "../../../shared/tensor/stats.ts";
import { classOf, subjectOf } from "./subject.ts";
import { unitSheets, unitsOfSheet } from "./unit_sheets.ts";

export type ClassFigure = GalleryFigure & { readonly classIndex: number };
export type UnitFigure = GalleryFigure & { readonly channel: number };

/** Every class visualizations of a network, ordered by class and recipe. */
export function classModels(model: string): readonly ClassFigure[] {
  const { labels } = networkOf(model);
  const rank = ({ recipe }: GalleryFigure) => {
    const place = RECIPES.indexOf(String(recipe.options.recipe));
    return place < 0 ? RECIPES.length : place;
  };
  return figuresOf(model, "class-models")
    .map((figure) => ({ ...figure, classIndex: classOf(figure, labels) }))
    .sort((a, b) => a.classIndex - b.classIndex || rank(a) - rank(b));
}

/** One class visualizations of each class: that of the best recipe. */
export function bestModels(model: string): readonly ClassFigure[] {
  const all = classModels(model);
  return all.filter(({ classIndex }, i) => all[i - 1]?.classIndex !== classIndex);
}

let units: Map<string, readonly UnitFigure[]> | undefined;

/** The syntheses of a layer's units, ordered by channel. */
export function unitFigures(model: string, layer: string): readonly UnitFigure[] {
  units ??= new Map();
  const key = `${model} ${layer}`;
  const known = units.get(key) ?? [
    ...new Map(
      [...figuresOf(model, "neurons"), ...unitSheets(model, layer).flatMap(unitsOfSheet)]
        .map((figure) => ({ ...figure, ...channelOf(figure) }))
        .filter((figure) => figure.layer === layer)
        // Of a unit that is alone and in a sheet, the latter is shown.
        .map((figure) => [figure.channel, figure]),
    ).values(),
  ].sort((a, b) => a.channel - b.channel);
  units.set(key, known);
  return known;
}

/**
 * At most `count` units of a layer that show something: of the half that is activated most, from all
 * over the layer.
 */
export function tellingUnits(model: string, layer: string, count: number): readonly UnitFigure[] {
  const all = unitFigures(model, layer);
  const middle = all.map(activationOf).sort((a, b) => a - b)[Math.floor(all.length / 2)];
  return spread(all.filter((unit) => activationOf(unit) >= middle), count);
}

const activationOf = ({ measures }: UnitFigure) => Number(measures.activation ?? 0);

function channelOf(figure: GalleryFigure): { layer: string; channel: number } {
  const { layer = "", channel = -1 } = subjectOf(figure);
  return { layer, channel };
}

/** Sets whose figures are of a whole layer. */
const LAYER_SETS = ["weights", "patches", "activations"];

/** The figures of a whole layer. */
export function layerFigures(model: string, layer: string): readonly GalleryFigure[] {
  return LAYER_SETS.flatMap((set) => figuresOf(model, set))
    .filter((figure) => subjectOf(figure).layer === layer);
}

/** The sheet of a layer's patches, and the row of a channel in it. */
export function patchFigure(
  model: string,
  layer: string,
  channel: number,
): { figure: GalleryFigure; row: number } | undefined {
  for (const figure of figuresOf(model, "patches")) {
    if (subjectOf(figure).layer !== layer) continue;
    const { channels } = figure.measures;
    const row = Array.isArray(channels) ? channels.indexOf(channel) : -1;
    if (row >= 0) return { figure, row };
  }
  return undefined;
}
