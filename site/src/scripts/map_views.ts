import { BLUE_RED, colorAt, type Colormap, VIRIDIS } from "../../../shared/image/colormap.ts";
import type { Color } from "../../../shared/image/image.ts";
import { positionOf, type ValueRange, valueRange } from "../../../shared/image/heatmap.ts";
import { classColors, OTHER_COLOR } from "../../../shared/methods/occlusion/class_colors.ts";
import type { OcclusionMap } from "./occlusion_map.ts";
import { shortLabel } from "../../../shared/models/labels.ts";

/** What the map's colours mean. */
export type Legend =
  | { readonly colormap: Colormap; readonly range: ValueRange; readonly caption: string }
  | { readonly keys: readonly { readonly color: Color; readonly label: string }[] };

/** A way to colour an occlusion map. */
export interface MapView {
  /** RGBA for each pixel of the image; transparent where nothing is known yet. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly legend: Legend;
}

/** The views by name, as the page's radio buttons call them. */
export const MAP_VIEWS: Readonly<Record<string, (map: OcclusionMap) => MapView>> = {
  drop(map) {
    const { score } = map.outline;
    const caption = `drop of the ${score}: red is needed, blue is in the way`;
    return scaled(map.drops(), BLUE_RED, caption);
  },
  probability(map) {
    const name = shortLabel(map.outline.target.label);
    return scaled(map.spread(map.filledIn(map.probability)), VIRIDIS, `probability of ${name}`);
  },
  "top-class"(map) {
    const { labels } = map.outline;
    const { named, others, colorOf } = classColors(map.topClass);
    const keys = named.map(({ index, color }) => ({ color, label: shortLabel(labels[index]) }));
    if (others.classes > 0) keys.push({ color: OTHER_COLOR, label: "another class" });
    return { pixels: painted(map.spread(map.topClass), colorOf), legend: { keys } };
  },
  layer(map) {
    // Without a layer this view is not on offer.
    const { name, channel } = map.outline.layer!;
    const caption = `total activation of ${name}, channel ${channel}, its strongest`;
    return scaled(map.spread(map.filledIn(map.layerSum)), VIRIDIS, caption);
  },
};

function scaled(values: Float32Array, colormap: Colormap, caption: string): MapView {
  const range = valueRange(values, colormap.kind);
  const pixels = painted(values, (value) => colorAt(colormap, positionOf(value, range)));
  return { pixels, legend: { colormap, range, caption } };
}

function painted(values: Float32Array, colorOf: (value: number) => Color) {
  const pixels = new Uint8ClampedArray(values.length * 4);
  for (const [i, value] of values.entries()) {
    if (!Number.isNaN(value)) pixels.set([...colorOf(value), 255], 4 * i);
  }
  return pixels;
}
