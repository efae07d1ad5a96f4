import { type Figure, type Layer, onSource, type Panel, type Rect } from "../../figure/mod.ts";
import {
  BLUE_RED,
  type Color,
  type Grid,
  type Image,
  overlay,
  type ValueRange,
  valueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import { formatNumber } from "../../printable.ts";
import { shortLabel } from "../../models/labels.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attributionOf, type OcclusionArrays } from "./arrays.ts";
import { classColors, OTHER_COLOR } from "./class_colors.ts";
import { occlusionGrid } from "./grid.ts";
import { interpolateDrops } from "./refinement.ts";
import type { OcclusionPlan } from "./plan.ts";

/** Of a map over the image. */
const OPACITY = 0.6;

/** The drop of the score over the image, and the maps of what was measured at each position. */
export function occlusionFigure(plan: OcclusionPlan, arrays: OcclusionArrays): Figure {
  const { job: { window, stride, measures }, target, unoccluded, quantity } = plan;
  const name = shortLabel(target.label);
  const scores = measures === "all"
    ? mapPanel(plan, column(plan, arrays.scores, 1), {
      id: "probability",
      title: "Probability",
      text: `Of ${name}, by where the occluder is; ${formatNumber(unoccluded.probability)} ` +
        "without it.",
      caption: "probability",
    })
    : mapPanel(plan, column(plan, arrays.scores, 0), {
      id: "logit",
      title: quantity[0].toUpperCase() + quantity.slice(1),
      text: `Of ${name}, by where the occluder is; ${formatNumber(unoccluded.logit)} without it.`,
      caption: quantity,
    });
  return {
    title: `Occlusion: ${name}`,
    caption: `What the network says when a window of ${window} pixels hides a part of the image, ` +
      `every ${stride} pixels.`,
    columns: 2,
    panels: [
      overlayPanel(plan, arrays),
      scores,
      ...arrays.topClass ? [topClassPanel(plan, arrays.topClass)] : [],
      ...arrays.layerSum ? [layerPanel(plan, arrays.layerSum.data)] : [],
    ],
  };
}

/**
 * The map over the image while not all of it is known.
 *
 * @param scores By position; NaN where not even a guess is there.
 */
export function occlusionPreview(plan: OcclusionPlan, scores: Float64Array): Image {
  const { job: { dims, window, stride }, unoccluded, score, seen } = plan;
  const [height, width] = dims.slice(2);
  const { windows } = occlusionGrid(height, width, window, stride);
  const drops = scores.map((value) => unoccluded[score] - value);
  const values = attributionOf(dims, windows, drops).data.subarray(0, height * width);
  return overlay(seen.image, { width, height, values }, BLUE_RED);
}

function overlayPanel(plan: OcclusionPlan, { attribution, scores }: OcclusionArrays): Panel {
  const { seen, target, score, quantity, unoccluded, job, smooth } = plan;
  const [height, width] = job.dims.slice(2);
  const cells = attribution.data.subarray(0, height * width);
  const offset = score === "logit" ? 0 : 1;
  const values = smooth
    ? interpolateDrops(job, column(plan, scores, offset).map((value) => unoccluded[score] - value))
    : cells;
  const range = valueRange(values, BLUE_RED.kind);
  return {
    id: "overlay",
    title: shortLabel(target.label),
    text: `Drop of its ${quantity}, which is ${formatNumber(unoccluded[score])} without the ` +
      "occluder.",
    ...onSource(seen, "grey", (at) => [{
      kind: "heat map",
      grid: { width, height, values },
      colormap: BLUE_RED,
      ...{ range, at, opacity: OPACITY, isPixelated: !smooth },
    }]),
    scale: {
      colormap: BLUE_RED,
      range,
      caption: "red supports the class, blue opposes it; " +
        (smooth ? "interpolated between positions" : "mean over the windows"),
    },
  };
}

/** One column of the scores, by position. */
const column = ({ rows, columns }: OcclusionPlan, { data }: Tensor<"float32">, offset: number) =>
  Float32Array.from({ length: rows * columns }, (_, i) => data[2 * i + offset]);

function layerPanel(plan: OcclusionPlan, values: ArrayLike<number>): Panel {
  const { layerName, job, unoccluded } = plan;
  return mapPanel(plan, values, {
    id: "layer",
    title: `${layerName}`,
    text: `Total activation of its strongest channel, ${job.layer?.channel}; ` +
      `${formatNumber(unoccluded.layerSum ?? NaN)} without the occluder.`,
    caption: "total activation",
  });
}

function topClassPanel(plan: OcclusionPlan, { data }: Tensor<"float32">): Panel {
  const { labels, unoccluded } = plan;
  const { named, others, colorOf } = classColors(data);
  const legend = named.map(({ index, color, count }) => ({
    color,
    name: shortLabel(labels[index]),
    note: `${count}`,
  }));
  if (others.classes > 0) {
    const name = `${others.classes} others`;
    legend.push({ color: OTHER_COLOR, name, note: `${others.count}` });
  }
  const image = paint(gridOf(plan, data), colorOf);
  return {
    id: "top-class",
    title: "Most probable class",
    text: `By where the occluder is; ${shortLabel(labels[unoccluded.topClass])} without it.`,
    ...onSource(plan.seen, "grey", (at) => cells(plan, at, { kind: "image", image })),
    legend,
  };
}

/** A map of numbers on the grid of positions; what is not known yet lets the image through. */
function mapPanel(
  plan: OcclusionPlan,
  values: ArrayLike<number>,
  { caption, ...words }: Pick<Panel, "id" | "title" | "text"> & { readonly caption: string },
): Panel {
  const range: ValueRange = valueRange(values, VIRIDIS.kind);
  const grid = gridOf(plan, values);
  return {
    ...words,
    ...onSource(
      plan.seen,
      "grey",
      (at) => cells(plan, at, { kind: "heat map", grid, colormap: VIRIDIS, range }),
    ),
    scale: { colormap: VIRIDIS, range, caption },
  };
}

type Cells = Extract<Layer, { kind: "image" | "heat map" }>;

/** Opaque: a cell is a position of the occluder. Its middle is that of the window. */
function cells({ job, rows, columns }: OcclusionPlan, at: Rect, layer: Cells): Layer[] {
  const { window, stride, dims: [, , height, width] } = job;
  const [x, y] = [at.width / width, at.height / height];
  const margin = (window - stride) / 2;
  const place = {
    left: at.left + margin * x,
    top: at.top + margin * y,
    width: columns * stride * x,
    height: rows * stride * y,
  };
  return [{ ...layer, at: place, isPixelated: true }];
}

const gridOf = ({ rows, columns }: OcclusionPlan, values: ArrayLike<number>): Grid => ({
  width: columns,
  height: rows,
  values,
});

/** A pixel for each value; those that are not known are transparent. */
function paint({ width, height, values }: Grid, colorOf: (value: number) => Color): Image {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    if (!Number.isNaN(values[i])) data.set([...colorOf(values[i]), 255], 4 * i);
  }
  return { width, height, data };
}
