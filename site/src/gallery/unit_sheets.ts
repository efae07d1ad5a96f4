import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { figuresOf } from "./figures.ts";

/** A figure of several channels of a layer, `<layer>:<first>-<last>`. */
export interface UnitSheet extends GalleryFigure {
  readonly layer: string;
  readonly channels: readonly number[];
}

let byLayer: Map<string, readonly UnitSheet[]> | undefined;

/** The sheets of a layer's units, ordered by channel. */
export function unitSheets(model: string, layer: string): readonly UnitSheet[] {
  byLayer ??= new Map();
  const key = `${model} ${layer}`;
  const known = byLayer.get(key) ?? figuresOf(model, "units")
    .map((figure) => ({ ...figure, ...rangeOf(figure) }))
    .filter((sheet) => sheet.layer === layer)
    .sort((a, b) => a.channels[0] - b.channels[0]);
  byLayer.set(key, known);
  return known;
}

function rangeOf({ recipe, measures }: GalleryFigure): Pick<UnitSheet, "layer" | "channels"> {
  const [, layer = ""] = /^(.+):\d+-\d+$/.exec(String(recipe.options.unit)) ?? [];
  return { layer, channels: measures.channels as readonly number[] };
}

/** The units of a sheet, each as the figure that the same recipe makes of it alone. */
export function unitsOfSheet(sheet: UnitSheet): readonly GalleryFigure[] {
  const { recipe, layer, channels, images, measures } = sheet;
  const { layer: tensor, place, recipe: name } = measures;
  const each = measures.images as readonly GalleryFigure["measures"][];
  return channels.map((channel, i) => {
    const unit = `${layer}:${channel}`;
    return {
      ...sheet,
      recipe: { ...recipe, options: { ...recipe.options, unit } },
      images: { neuron: images[`neuron-${channel}`] },
      measures: { unit, layer: tensor, place, recipe: name, ...each[i] },
    };
  });
}
