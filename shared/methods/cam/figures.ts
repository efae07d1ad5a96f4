import { sumChannels } from "../../contract/panels.ts";
import { type Figure, onSource, type Panel, type Placed } from "../../figure/mod.ts";
import { BLUE_RED, type ValueRange, valueRange, VIRIDIS } from "../../image/mod.ts";
import { formatNumber } from "../../printable.ts";
import { sizeQuantile } from "../../tensor/stats.ts";
import { shortLabel } from "../../models/labels.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ClassMap } from "./class_map.ts";
import type { CamMethod, CamOptions } from "./options.ts";

export const METHOD_TITLES: Readonly<Record<CamMethod, string>> = {
  "gradcam": "Grad-CAM",
  "gradcam++": "Grad-CAM++",
  "hirescam": "HiResCAM",
  "layercam": "LayerCAM",
  "xgradcam": "XGrad-CAM",
  "scorecam": "Score-CAM",
};

/** Values beyond this quantile of the sizes are shown as the end of the scale. */
const QUANTILE = 0.995;

/** Of a map over the image. */
const OPACITY = 0.6;

/** What the figure is made of. */
export interface CamView {
  readonly input: Placed;
  readonly maps: readonly ClassMap[];
  /** Guided Grad-CAM of each class, [1, C, H, W]; none where it was not asked for. */
  readonly guided: readonly Tensor<"float32">[];
  readonly layer: string;
  readonly options: Pick<CamOptions, "method" | "smooth">;
}

/**
 * Each map after ReLU over the image, the cells as they are, and Guided Grad-CAM. All classes share
 * one scale.
 */
export function camFigure(view: CamView): Figure {
  const { maps, layer, guided, options: { method } } = view;
  const [{ target: { quantity } }] = maps;
  const all = maps.flatMap(({ map }) => Array.from(map));
  const range = valueRange(all, BLUE_RED.kind);
  // A range without extent would show no evidence at all as the middle of the scale.
  const evidence = { min: 0, max: Math.max(0, ...all) || 1 };
  const names = maps.map(({ target }) => shortLabel(target.label));
  return {
    title: `${METHOD_TITLES[method]}: ${names.join(", ")}`,
    caption: `The positions of ${layer} that raise the ${quantity}.`,
    columns: guided.length > 0 ? 3 : 2,
    panels: maps.flatMap((map, i) => [
      overlayPanel(view, map, evidence),
      cellsPanel(view, map, range),
      ...guided[i] ? [guidedPanel(view, map, guided[i])] : [],
    ]),
  };
}

/** Tells the panels of several classes apart. */
const idOf = ({ index }: ScoreTarget) => index ?? "target";

function overlayPanel(
  { input, options: { smooth } }: CamView,
  { target, map, width, height, score }: ClassMap,
  range: ValueRange,
): Panel {
  const values = map.map((value) => Math.max(0, value));
  return {
    id: `overlay-${idOf(target)}`,
    title: shortLabel(target.label),
    text: `Its ${target.quantity} is ${formatNumber(score)}` +
      (values.some((value) => value > 0) ? "." : "; no position supports it."),
    ...onSource(input, "grey", (at) => [{
      kind: "heat map",
      grid: { width, height, values },
      colormap: VIRIDIS,
      ...{ range, at, opacity: OPACITY, isPixelated: !smooth },
    }]),
    scale: {
      colormap: VIRIDIS,
      range,
      caption: `evidence for the class, ${smooth ? "interpolated" : "by position"}`,
    },
  };
}

function cellsPanel(
  { input, layer }: CamView,
  { map, width, height, target }: ClassMap,
  range: ValueRange,
): Panel {
  return {
    id: `cells-${idOf(target)}`,
    title: "Before ReLU",
    text: `The ${height} x ${width} positions of ${layer}.`,
    ...onSource(input, "grey", (at) => [{
      kind: "heat map",
      grid: { width, height, values: map },
      colormap: BLUE_RED,
      ...{ range, at, isPixelated: true },
    }]),
    scale: { colormap: BLUE_RED, range, caption: "red supports the class, blue opposes it" },
  };
}

/** Signed, summed over the colour channels. */
function guidedPanel(
  { input }: CamView,
  { target }: ClassMap,
  product: Tensor<"float32">,
): Panel {
  const grid = sumChannels(product);
  const most = sizeQuantile(grid.values, QUANTILE);
  const range = { min: -most, max: most };
  return {
    id: `guided-${idOf(target)}`,
    title: "Guided Grad-CAM",
    text: `Guided backpropagation of ${shortLabel(target.label)}, times the map after ReLU.`,
    ...onSource(input, "grey", (at) => [
      { kind: "heat map", grid, colormap: BLUE_RED, range, at },
    ]),
    scale: { colormap: BLUE_RED, range, caption: "sum over the colour channels" },
  };
}
