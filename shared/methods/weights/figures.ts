import { type Figure, PANEL_WIDTH } from "../../figure/mod.ts";
import { GREY, heatmap, type Image, montage } from "../../image/mod.ts";
import { formatNumber } from "../../printable.ts";
import type { ManifestInput } from "../../models/mod.ts";
import type { WeightsOptions } from "./options.ts";
import type { LayerWeights } from "./read_weights.ts";

/** Most CSS pixels of the whole sheet. */
const WIDTH = 960;

/** CSS pixels of a weight, at most. */
const LARGEST = 24;

/** Pixels between tiles, in pixels of a weight. */
const GAP = 1;

/** Which plane of the network's input each of red, green and blue is. */
const COLOR_PLANES = { RGB: [0, 1, 2], BGR: [2, 1, 0] } as const;

/** How the weights of a layer are laid out. */
export type WeightsForm = "colour tiles" | "planes" | "matrix";

export interface WeightsView {
  readonly weights: LayerWeights;
  /** Units to show. */
  readonly units: readonly number[];
  readonly form: WeightsForm;
  /** For each unit of the layer, the weight that is white; its negative is black. */
  readonly scales: Float32Array;
  readonly channelOrder: ManifestInput["channelOrder"];
  /** A tensor's name or alias. */
  readonly layer: string;
  readonly range: WeightsOptions["range"];
}

export function formOf({ tensor }: LayerWeights, isOfColors: boolean): WeightsForm {
  const [, channels, height, width] = tensor.dims;
  if (isOfColors && channels === 3) return "colour tiles";
  return height * width === 1 && channels > 1 ? "matrix" : "planes";
}

/** The weight that is white, for each unit; 1 where all are zero. */
export function scalesOf(
  { tensor: { dims, data } }: LayerWeights,
  range: WeightsOptions["range"],
): Float32Array {
  const size = data.length / dims[0];
  const largest = (values: Float32Array) =>
    values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const whole = largest(data);
  return Float32Array.from(
    { length: dims[0] },
    (_, unit) => range === "layer" ? whole : largest(data.subarray(unit * size, (unit + 1) * size)),
  );
}

/** The tiles, with a pixel for each weight. */
export const weightTiles = (view: WeightsView): Image => FORMS[view.form](view);

/** The tiles with what a person needs to read them. */
export function weightsFigure(view: WeightsView, tiles: Image): Figure {
  const { width, height } = tiles;
  const { layer, range, scales, units } = view;
  const isShared = range === "layer" || units.length === 1;
  const most = scales[units[0]];
  const shown = units.map((unit) => scales[unit]);
  const [least, largest] = [Math.min, Math.max].map((pick) => shown.reduce((a, b) => pick(a, b)));
  return {
    title: `Weights of ${layer}`,
    caption: `${explain(view)} Mid grey is zero; ` +
      (isShared
        ? "one scale for all."
        : `black and white are each unit's own largest weight, from ${formatNumber(least)} to ` +
          `${formatNumber(largest)}.`),
    panels: [{
      id: "weights",
      title: "",
      text: "",
      ...{ width, height },
      drawnWidth: Math.max(PANEL_WIDTH, Math.min(WIDTH, LARGEST * width)),
      layers: [{ kind: "image", image: tiles, isPixelated: true }],
      ...isShared && {
        scale: { colormap: GREY, range: { min: -most, max: most }, caption: "weight" },
      },
    }],
  };
}

const FORMS: Readonly<Record<WeightsForm, (view: WeightsView) => Image>> = {
  "colour tiles": (view) =>
    montage(view.units.map((unit) => colorTile(view, unit)), { gap: GAP, ground: "transparent" }),
  planes: (view) =>
    montage(view.units.map((unit) => planes(view, unit)), { gap: 3, ground: "transparent" }),
  matrix: ({ weights: { tensor: { dims: [, channels], data } }, units, scales }) => {
    const values = units.flatMap((unit) =>
      Array.from(
        data.subarray(unit * channels, (unit + 1) * channels),
        (value) => value / scales[unit],
      )
    );
    return heatmap({ width: channels, height: units.length, values }, GREY, { min: -1, max: 1 });
  },
};

function explain({ form, weights, units }: WeightsView): string {
  const [all, channels, height, width] = weights.tensor.dims;
  const count = units.length === all ? `All ${all} units` : `${units.length} of ${all} units`;
  const size = `${width} x ${height}`;
  if (form === "colour tiles") {
    return `${count}, row by row: each is a filter of ${size} pixels, in the image's colours.`;
  }
  if (form === "matrix") {
    const what = weights.isDense ? "inputs of the layer" : "channels below, at the same place";
    return `${count}, a row each; the columns are the ${channels} ${what}. They are weights of ` +
      `what earlier layers found, and no image of anything.`;
  }
  const read = weights.groups > 1 ? `${channels} channels of its group` : `${channels} channels`;
  const where = weights.isDense
    ? `one plane of ${size} for each of ${read} below, all places at once`
    : `one plane of ${size} for each of the ${read} below`;
  return `${count}, a block each: ${where}, row by row. They are weights of what earlier layers ` +
    `found, and no image of anything.`;
}

/** One unit's weights as a filter of the image's own colours. */
function colorTile({ weights, scales, channelOrder }: WeightsView, unit: number): Image {
  const { dims: [, channels, height, width], data } = weights.tensor;
  const area = height * width;
  const pixels = new Uint8ClampedArray(area * 4).fill(255);
  const order = channelOrder === "BGR" ? COLOR_PLANES.BGR : COLOR_PLANES.RGB;
  for (const [color, plane] of order.entries()) {
    for (let i = 0; i < area; i++) {
      const value = data[(unit * channels + plane) * area + i] / scales[unit];
      pixels[4 * i + color] = Math.round(127.5 + 127.5 * value);
    }
  }
  return { width, height, data: pixels };
}

/** One unit's weights as a grey plane for each channel. */
function planes({ weights, scales }: WeightsView, unit: number): Image {
  const { dims: [, channels, height, width], data } = weights.tensor;
  const area = height * width;
  const range = { min: -scales[unit], max: scales[unit] };
  const tiles = Array.from({ length: channels }, (_, channel) => {
    const from = (unit * channels + channel) * area;
    return heatmap({ width, height, values: data.subarray(from, from + area) }, GREY, range);
  });
  return montage(tiles, { gap: GAP, ground: "transparent" });
}
