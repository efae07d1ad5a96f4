import { expect, test } from "vitest";
import { normalAt } from "../tensor/random.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { blurForInsertion, foldedGaussian } from "../image/blur.ts";
import { changeCurve } from "./change_curve.ts";

const DIMS = [1, 2, 3, 4];
const AREA = 12;

const image = float32(Float32Array.from({ length: 24 }, (_, i) => normalAt(1, i)), DIMS);
const zeros = float32(new Float32Array(24), DIMS);

/** What the image adds up to: every pixel counts for itself. */
const sumOf = ({ data }: Tensor<"float32">) =>
  Promise.resolve(data.reduce((sum, value) => sum + value, 0));

const amounts = Float32Array.from(
  { length: AREA },
  (_, i) => image.data[i] + image.data[AREA + i],
);

test("changeCurve() deletes the pixels of the largest values first", async () => {
  const { scores, area } = await changeCurve(image, zeros, amounts, sumOf, { step: 5 });
  const falling = amounts.toSorted((a, b) => b - a);
  const left = (from: number) => falling.slice(from).reduce((sum, value) => sum + value, 0);
  const expected = [left(0), left(5), left(10), 0];
  scores.forEach((score, i) => expect(score).toBeCloseTo(expected[i], 5));
  expect(area).toBeCloseTo((left(0) / 2 + left(5) + left(10)) / 3, 5);
});

test("changeCurve() by the map that is right has the least area of deletion", async () => {
  const right = await changeCurve(image, zeros, amounts, sumOf, { step: 1 });
  for (let seed = 2; seed < 6; seed++) {
    const map = Float32Array.from({ length: AREA }, (_, i) => normalAt(seed, i));
    const other = await changeCurve(image, zeros, map, sumOf, { step: 1 });
    expect(right.area).toBeLessThan(other.area);
    expect(other.scores[AREA]).toBeCloseTo(0, 6);
  }
});

test("changeCurve() of equal values goes row by row, a row at once", async () => {
  const seen: number[][] = [];
  const note = ({ data }: Tensor<"float32">) => Promise.resolve(seen.push([...data]));
  await changeCurve(zeros, image, new Uint8Array(AREA), note);
  expect(seen).toHaveLength(4);
  const [, first] = seen;
  expect(first.slice(0, 4)).toEqual([...image.data.subarray(0, 4)]);
  expect(first.slice(4, AREA).every((value) => value === 0)).toBe(true);
  expect(seen[3]).toEqual([...image.data]);
});

test("changeCurve() stops when told, and refuses what does not fit", async () => {
  const controller = new AbortController();
  const stop = () => {
    controller.abort(new Error("enough"));
    return Promise.resolve(0);
  };
  await expect(changeCurve(image, zeros, amounts, stop, { signal: controller.signal })).rejects
    .toThrow("enough");
  await expect(changeCurve(image, zeros, [1, 2], sumOf)).rejects.toThrow(
    "Cannot turn an image [1,2,3,4] into one of [1,2,3,4] by a map of 2 values",
  );
  await expect(changeCurve(image, zeros, amounts, sumOf, { step: 0 })).rejects.toThrow(
    "Cannot change 0 pixels at once",
  );
  const broken = amounts.with(3, NaN);
  await expect(changeCurve(image, zeros, broken, sumOf)).rejects.toThrow(
    "Cannot order pixels: value 3 of the map is NaN",
  );
});

test("foldedGaussian() is SciPy's gaussian_filter of a point, 11 wide, with a sigma of 5", () => {
  const expected = [0.08795815, 0.08889612, 0.0904742, 0.09219112, 0.09348939, 0.09398206];
  const kernel = foldedGaussian();
  expected.forEach((value, i) => {
    expect(kernel[i]).toBeCloseTo(value, 7);
    expect(kernel[10 - i]).toBeCloseTo(value, 7);
  });
});

test("blurForInsertion() spreads a pixel evenly, and what is flat stays so off the edges", () => {
  const dims = [1, 1, 13, 15];
  const flat = blurForInsertion(float32(new Float32Array(195).fill(2), dims));
  expect(flat.data[6 * 15 + 7]).toBeCloseTo(2, 6);
  expect(flat.data[0]).toBeLessThan(1);
  const point = float32(new Float32Array(195), dims);
  point.data[6 * 15 + 7] = 1;
  const kernel = foldedGaussian();
  const { data } = blurForInsertion(point);
  expect(data[(6 - 4) * 15 + 7 + 3]).toBeCloseTo(kernel[1] * kernel[8], 7);
  expect(data[(6 - 6) * 15 + 7]).toBe(0);
});
