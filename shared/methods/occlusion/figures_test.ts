import { expect, test } from "vitest";
import type { Image } from "../../image/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { occlusionArrays } from "./arrays.ts";
import { COLUMNS } from "./inference.ts";
import { occlusionImages } from "./figures.ts";
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
  image: { width: side, height: side, data: new Uint8ClampedArray(4 * side * side).fill(128) },
  rows: 2,
  columns: 2,
  target: { index: 1, label: "dog, hound" },
  score: "logit",
  layerName: "relu",
  labels: ["cat", "dog, hound", "cup"],
  unoccluded: { logit: 5, probability: 0.9, topClass: 1, topProbability: 0.9, layerSum: 7 },
};

/** Three of four positions: the score drops at the first and rises at the second. */
function images(): Record<string, Image> {
  const rows = [[1, 0.1, 0, 0.8, 3], [9, 0.99, 1, 0.99, 7], [5, 0.9, 1, 0.9, 7]];
  expect(rows[0]).toHaveLength(COLUMNS.length);
  const part = { positions: [0, 1, 2], values: Float32Array.from(rows.flat()) };
  return occlusionImages(plan, occlusionArrays(plan, [part]));
}

/** The colour in the middle of a position's cell; the body is 448 pixels wide, 20 from the left. */
function cellColor({ width, data }: Image, row: number, column: number): number[] {
  let top = 0;
  // The body begins below its frame, the topmost line that is grey at both places.
  const isFrame = (y: number) =>
    data[4 * (y * width + 20)] === 212 && data[4 * (y * width + 300)] === 212;
  while (!isFrame(top)) top++;
  const at = 4 * ((top + 1 + 224 * row + 112) * width + 20 + 224 * column + 112);
  return [...data.subarray(at, at + 3)];
}

test("occlusionImages() makes a panel for each map, and one sheet of them", () => {
  const all = images();
  expect(Object.keys(all)).toEqual(["overlay", "probability", "topClass", "layerSum", "figure"]);
  expect(all.figure.width).toBe(2 * all.overlay.width);
  expect(all.figure.height).toBeGreaterThan(2 * all.overlay.height - 1);
});

test("the overlay is red where the score drops and blue where it rises", () => {
  const { overlay } = images();
  const [red, , blue] = cellColor(overlay, 0, 0);
  expect(red).toBeGreaterThan(blue + 20);
  const [otherRed, , otherBlue] = cellColor(overlay, 0, 1);
  expect(otherBlue).toBeGreaterThan(otherRed + 20);
});

test("the maps of numbers run from dark to bright, and leave unknown positions grey", () => {
  const { probability, layerSum } = images();
  for (const map of [probability, layerSum]) {
    expect(cellColor(map, 0, 0)).toEqual([0x44, 0x01, 0x54]);
    expect(cellColor(map, 0, 1)).toEqual([0xfd, 0xe7, 0x25]);
    expect(cellColor(map, 1, 1)).toEqual([228, 228, 231]);
  }
});

test("the map of classes has one colour for each, the most common one first", () => {
  const { topClass } = images();
  const [dog, cat] = [[0, 114, 178], [230, 159, 0]];
  expect(cellColor(topClass, 0, 0)).toEqual(cat);
  expect(cellColor(topClass, 0, 1)).toEqual(dog);
  expect(cellColor(topClass, 1, 0)).toEqual(dog);
  expect(cellColor(topClass, 1, 1)).toEqual([228, 228, 231]);
});
