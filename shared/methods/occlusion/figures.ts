import {
  BLUE_RED,
  type Color,
  colorBar,
  type Colormap,
  formatNumber,
  type Grid,
  heatmap,
  type Image,
  montage,
  overlay,
  resize,
  valueRange,
  VIRIDIS,
} from "../../image/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { OcclusionArrays } from "./arrays.ts";
import { attributionOf } from "./attribution.ts";
import { classColors, OTHER_COLOR } from "./class_colors.ts";
import { bodySize, drawKeys, drawPanel, FONT_SCALE, type Key } from "../../contract/panel.ts";
import { occlusionGrid } from "./grid.ts";
import type { OcclusionPlan } from "./plan.ts";

/** Positions that are not known yet. */
const UNKNOWN: Color = [228, 228, 231];

/** The maps as images: each with title and legend, and all of them on one sheet. */
export function occlusionImages(
  plan: OcclusionPlan,
  arrays: OcclusionArrays,
): Record<string, Image> {
  const panels = {
    overlay: overlayPanel(plan, arrays),
    ...plan.job.measures === "all"
      ? { probability: probabilityPanel(plan, arrays) }
      : { logit: logitPanel(plan, arrays) },
    ...arrays.topClass && { topClass: topClassPanel(plan, arrays.topClass) },
    ...arrays.layerSum && { layerSum: layerPanel(plan, arrays.layerSum.data) },
  };
  const sheet = montage(Object.values(panels).map((image) => ({ image })), { columns: 2, gap: 0 });
  return { ...panels, figure: sheet };
}

/**
 * The map over the image while not all of it is known.
 *
 * @param scores By position; NaN where not even a guess is there.
 */
export function occlusionPreview(plan: OcclusionPlan, scores: Float64Array): Image {
  const { job, unoccluded, score } = plan;
  const { windows } = occlusionGrid(job.dims[2], job.dims[3], job.window, job.stride);
  const drops = scores.map((value) => unoccluded[score] - value);
  return overlayPanel(plan, { attribution: attributionOf(job.dims, windows, drops) });
}

function overlayPanel(
  plan: OcclusionPlan,
  { attribution }: Pick<OcclusionArrays, "attribution">,
): Image {
  const { image, target, score, unoccluded, job } = plan;
  const size = sizeOf(plan);
  const [height, width] = job.dims.slice(2);
  const values = attribution.data.subarray(0, height * width);
  const range = valueRange(values, BLUE_RED.kind);
  const enlarged = resize(image, size.width, size.height);
  return drawPanel({
    title: firstName(target.label),
    text: `Drop of its ${score} (${formatNumber(unoccluded[score])}) when a window of ` +
      `${job.window} pixels hides a part`,
    body: overlay(enlarged, { width, height, values }, BLUE_RED, { range }),
    legend: bar(BLUE_RED, range, size.width, "red: needed, blue: in the way"),
  });
}

function probabilityPanel(plan: OcclusionPlan, { scores }: OcclusionArrays): Image {
  const { target, unoccluded } = plan;
  return mapPanel(plan, column(plan, scores, 1), {
    title: "Probability",
    text: `Of ${firstName(target.label)}, by where the window is; ` +
      `${formatNumber(unoccluded.probability)} without it`,
    caption: "probability",
  });
}

function logitPanel(plan: OcclusionPlan, { scores }: OcclusionArrays): Image {
  const { target, unoccluded } = plan;
  return mapPanel(plan, column(plan, scores, 0), {
    title: "Logit",
    text: `Of ${firstName(target.label)}, by where the window is; ` +
      `${formatNumber(unoccluded.logit)} without it`,
    caption: "logit",
  });
}

/** One column of the scores, by position. */
const column = ({ rows, columns }: OcclusionPlan, { data }: Tensor<"float32">, offset: number) =>
  Float32Array.from({ length: rows * columns }, (_, i) => data[2 * i + offset]);

function layerPanel(plan: OcclusionPlan, values: ArrayLike<number>): Image {
  const { layerName, job, unoccluded } = plan;
  return mapPanel(plan, values, {
    title: `${layerName}`,
    text: `Total activation of its strongest channel, ${job.layer?.channel}; ` +
      `${formatNumber(unoccluded.layerSum ?? NaN)} without the window`,
    caption: "total activation",
  });
}

function topClassPanel(plan: OcclusionPlan, topClass: Tensor<"float32">): Image {
  const { labels, unoccluded, rows, columns } = plan;
  const { named, others, colorOf } = classColors(topClass.data);
  const keys: Key[] = named.map(({ index, color, count }) => ({
    color,
    name: firstName(labels[index]),
    note: `${count}`,
  }));
  if (others.classes > 0) {
    keys.push({ color: OTHER_COLOR, name: `${others.classes} others`, note: `${others.count}` });
  }
  const size = sizeOf(plan);
  const cells = { width: columns, height: rows, values: topClass.data };
  return drawPanel({
    title: "Most probable class",
    text: `By where the window is; ${firstName(labels[unoccluded.topClass])} without it`,
    body: enlarge(paint(cells, (index) => Number.isNaN(index) ? UNKNOWN : colorOf(index)), size),
    legend: drawKeys(keys, size.width),
  });
}

/** A map of numbers on the grid of positions. */
function mapPanel(
  plan: OcclusionPlan,
  values: ArrayLike<number>,
  { title, text, caption }: { title: string; text: string; caption: string },
): Image {
  const size = sizeOf(plan);
  const grid = { width: plan.columns, height: plan.rows, values };
  const range = valueRange(values, VIRIDIS.kind);
  const cells = heatmap(grid, VIRIDIS, range);
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) cells.data.set(UNKNOWN, 4 * i);
  }
  return drawPanel({
    title,
    text,
    body: enlarge(cells, size),
    legend: bar(VIRIDIS, range, size.width, caption),
  });
}

const bar = (map: Colormap, range: ReturnType<typeof valueRange>, width: number, caption: string) =>
  colorBar(map, range, { width, caption, scale: FONT_SCALE });

const sizeOf = ({ job: { dims } }: OcclusionPlan) => bodySize(dims[2], dims[3]);

/** A pixel for each value. */
function paint({ width, height, values }: Grid, colorOf: (value: number) => Color): Image {
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) data.set(colorOf(values[i]), 4 * i);
  return { width, height, data };
}

/** The image with every pixel as a block: the cells of a grid have sharp edges. */
function enlarge(cells: Image, { width, height }: { width: number; height: number }): Image {
  const from = new Uint32Array(cells.data.buffer);
  const data = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * cells.height) / height) * cells.width;
    for (let x = 0; x < width; x++) {
      data[y * width + x] = from[row + Math.floor((x * cells.width) / width)];
    }
  }
  return { width, height, data: new Uint8ClampedArray(data.buffer) };
}

/** The first of the synonyms that an ImageNet label lists. */
const firstName = (label: string) => label.split(",")[0];
