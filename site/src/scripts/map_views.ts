import { BLUE_RED, colorAt, type Colormap, VIRIDIS } from "../../../shared/image/colormap.ts";
import { positionOf, type ValueRange, valueRange } from "../../../shared/image/heatmap.ts";
import type { OcclusionMap } from "./occlusion_map.ts";

type Color = readonly [number, number, number];

/** What the map's colours mean. */
export type Legend =
  | { readonly colormap: Colormap; readonly range: ValueRange; readonly caption: string }
  | { readonly keys: readonly { readonly color: Color; readonly label: string }[] };

/** A way to colour an occlusion map. */
export interface MapView {
  /** RGBA for each pixel of the picture; transparent where nothing is known yet. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly legend: Legend;
}

/** Told apart with every kind of colour blindness (Okabe and Ito, 2008). */
const CLASS_COLORS: readonly Color[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
];
const OTHER: Color = [120, 120, 120];

/** The views by name, as the page's radio buttons call them. */
export const MAP_VIEWS: Readonly<Record<string, (map: OcclusionMap) => MapView>> = {
  drop(map) {
    const { score } = map.outline;
    const caption = `drop of the ${score}: red is needed, blue is in the way`;
    return scaled(map.drops(), BLUE_RED, caption);
  },
  probability(map) {
    const name = firstName(map.outline.target.label);
    return scaled(map.spread(map.probability), VIRIDIS, `probability of ${name}`);
  },
  "top-class"(map) {
    const { labels } = map.outline;
    const counts = new Map<number, number>();
    for (const index of map.topClass) {
      if (!Number.isNaN(index)) counts.set(index, (counts.get(index) ?? 0) + 1);
    }
    const classes = [...counts].sort((a, b) => b[1] - a[1]).map(([index]) => index);
    const colorOf = (index: number) => CLASS_COLORS[classes.indexOf(index)] ?? OTHER;
    const keys = classes.slice(0, CLASS_COLORS.length)
      .map((index) => ({ color: colorOf(index), label: firstName(labels[index]) }));
    if (classes.length > keys.length) keys.push({ color: OTHER, label: "another class" });
    return { pixels: painted(map.spread(map.topClass), colorOf), legend: { keys } };
  },
};

/** "tabby, tabby cat" is called "tabby". */
export const firstName = (label: string): string => label.split(",")[0];

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
