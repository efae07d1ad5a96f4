import { expect, test } from "vitest";
import { randomTensor } from "../../../tests/networks.ts";
import { float32 } from "../../tensor/tensor.ts";
import { occluder, type OccluderScope } from "./occluder.ts";

const scope: OccluderScope = {
  input: randomTensor([1, 2, 20, 30], 1),
  window: 8,
  seed: 5,
  preprocessing: { scale: 1 / 255, mean: [0.5, 0.25], std: [0.5, 0.25] },
};
const size = 20 * 30;
const plane = (data: Float32Array, channel: number) =>
  data.subarray(channel * size, (channel + 1) * size);
const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / size;
const variance = (values: Float32Array) =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / size;

test("occluder() of zero or a number is that value everywhere", () => {
  expect(new Set(occluder("zero", scope).data)).toEqual(new Set([0]));
  expect(new Set(occluder(-1.5, scope).data)).toEqual(new Set([-1.5]));
});

test("occluder() of mean is each channel's mean", () => {
  const { data } = occluder("mean", scope);
  for (const channel of [0, 1]) {
    expect(new Set(plane(data, channel)).size).toBe(1);
    expect(data[channel * size]).toBeCloseTo(mean(plane(scope.input.data, channel)), 6);
  }
});

test("occluder() of grey is the middle level after preprocessing", () => {
  const { data } = occluder("grey", scope);
  expect(data[0]).toBeCloseTo(0, 6);
  expect(data[size]).toBeCloseTo(1, 6);
});

test("occluder() of noise has the channel's mean and spread, and depends on the seed", () => {
  const { data } = occluder("noise", scope);
  for (const channel of [0, 1]) {
    const [drawn, image] = [plane(data, channel), plane(scope.input.data, channel)];
    // Five standard deviations of the mean and the variance of 600 normal draws.
    expect(Math.abs(mean(drawn) - mean(image))).toBeLessThan(5 * Math.sqrt(1 / size));
    expect(Math.abs(variance(drawn) - variance(image))).toBeLessThan(5 * Math.sqrt(2 / size));
  }
  expect(plane(data, 0)).not.toEqual(plane(data, 1));
  expect(occluder("noise", scope).data).toEqual(data);
  expect(occluder("noise", { ...scope, seed: 6 }).data).not.toEqual(data);
});

test("occluder() of blur keeps an even image and takes the detail out of any other", () => {
  const even = float32(new Float32Array(2 * size).fill(3), scope.input.dims);
  for (const value of occluder("blur", { ...scope, input: even }).data) {
    expect(value).toBeCloseTo(3, 5);
  }
  const { data } = occluder("blur", scope);
  expect(variance(plane(data, 0))).toBeLessThan(variance(plane(scope.input.data, 0)) / 20);
});
