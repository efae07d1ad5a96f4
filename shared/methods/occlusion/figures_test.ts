import { expect, test } from "vitest";
import type { Figure, Layer, Panel } from "../../figure/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { occlusionArrays } from "./arrays.ts";
import { COLUMNS } from "./inference.ts";
import { occlusionFigure } from "./figures.ts";
import type { OcclusionPlan } from "./plan.ts";

const side = 8;
const plan: OcclusionPlan = {
  job: {
    network: "small",
    dims: [1, 3, side, side],
    window: 4,
    stride: 4,
    fill: "zero",
    seed: 0,
    target: 1,
    layer: { tensor: "relu", channel: 2 },
    measures: "all",
    inference: "full",
  },
  input: float32(new Float32Array(3 * side * side), [1, 3, side, side]),
  seen: {
    image: { width: side, height: side, data: new Uint8ClampedArray(4 * side * side).fill(128) },
  },
  smooth: false,
  rows: 2,
  columns: 2,
  target: { index: 1, label: "dog, hound" },
  score: "logit",
  quantity: "logit",
  layerName: "relu",
  labels: ["cat", "dog, hound", "cup"],
  unoccluded: { logit: 5, probability: 0.9, topClass: 1, topProbability: 0.9, layerSum: 7 },
};

/** Three of four positions: the score drops at the first and rises at the second. */
function figure(smooth: boolean): Figure {
  const rows = [[1, 0.1, 0, 0.8, 3], [9, 0.99, 1, 0.99, 7], [5, 0.9, 1, 0.9, 7]];
  expect(rows[0]).toHaveLength(COLUMNS.length);
  const part = { positions: [0, 1, 2], values: Float32Array.from(rows.flat()) };
  const all = { ...plan, smooth };
  return occlusionFigure(all, occlusionArrays(all, [part]));
}

const panel = (id: string, smooth = false) =>
  figure(smooth).panels.find((panel) => panel.id === id)!;

const layerOf = <Kind extends Layer["kind"]>({ layers }: Panel, kind: Kind) =>
  layers.findLast((layer) => layer.kind === kind) as Extract<Layer, { kind: Kind }>;

test("occlusionFigure() has a panel for each map", () => {
  expect(figure(false).panels.map(({ id }) => id)).toEqual([
    "overlay",
    "probability",
    "top-class",
    "layer",
  ]);
});

test("the overlay is the drop of the score for each pixel, on a scale about zero", () => {
  const overlay = panel("overlay");
  const { grid: { values } } = layerOf(overlay, "heat map");
  expect([values[0], values[side - 1], values[side * side - side]]).toEqual([4, -4, 0]);
  expect(values[side * side - 1]).toBeNaN();
  expect(overlay.scale?.range).toEqual({ min: -4, max: 4 });
});

test("a smooth overlay has the drops in the middles of the windows, and is linear between", () => {
  const { grid: { values } } = layerOf(panel("overlay", true), "heat map");
  // Between the pixels 1 | 2 and 5 | 6 lie the middles of the windows: at x = 2 and 6.
  const row = Array.from(values).slice(side, 2 * side);
  expect(row).toEqual([4, 4, 3, 1, -1, -3, -4, -4]);
});

test("the maps of numbers are the measures by position", () => {
  for (const [id, known] of [["probability", [0.1, 0.99, 0.9]], ["layer", [3, 7, 7]]] as const) {
    const map = panel(id);
    const { grid: { values, width, height }, isPixelated } = layerOf(map, "heat map");
    expect([width, height, isPixelated]).toEqual([2, 2, true]);
    known.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
    expect(values[3]).toBeNaN();
  }
});

test("the map of classes has one colour for each, the most common one first", () => {
  const classes = panel("top-class");
  const { image: { data } } = classes.layers[1] as Extract<Layer, { kind: "image" }>;
  const [dog, cat] = [[0, 114, 178, 255], [230, 159, 0, 255]];
  expect(Array.from({ length: 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 4)])).toEqual([
    cat,
    dog,
    dog,
    [0, 0, 0, 0],
  ]);
  expect(classes.legend).toEqual([
    { color: dog.slice(0, 3), name: "dog", note: "2" },
    { color: cat.slice(0, 3), name: "cat", note: "1" },
  ]);
});
