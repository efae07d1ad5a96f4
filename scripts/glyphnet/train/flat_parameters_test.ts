import { expect, test } from "vitest";
import { initialParameters, layout, parameterCount, views } from "./flat_parameters.ts";
import { NETWORKS } from "./train_options.ts";

const slots = layout(NETWORKS.glyphnet.shape);

test("parameters lie one after the other", () => {
  const names = slots.map(({ name }) => name);
  expect(names.slice(0, 4)).toEqual(["conv1/weight", "conv1/gain", "conv1/bias", "conv2/weight"]);
  expect(names.slice(-2)).toEqual(["fc8/weight", "fc8/bias"]);
  let start = 0;
  for (const slot of slots) {
    expect(slot.start).toBe(start);
    start += slot.count;
  }
  expect(parameterCount(slots)).toBe(start);
});

test("views share the array's memory", () => {
  const flat = new Float32Array(parameterCount(slots));
  const { "conv2/gain": gain } = views(slots, flat);
  gain.data[3] = 7;
  expect(flat[slots.find(({ name }) => name === "conv2/gain")!.start + 3]).toBe(7);
});

test("first weights are small, random by the seed, and gains are 1", () => {
  const flat = initialParameters(slots, 1);
  const named = views(slots, flat);
  const deviation = (name: string) => {
    const { data } = named[name];
    return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
  };
  expect(deviation("conv3/weight")).toBeCloseTo(0.01, 3);
  expect(deviation("fc7/weight")).toBeCloseTo(Math.sqrt(2 / 256), 2);
  expect(named["conv1/gain"].data.every((value) => value === 1)).toBe(true);
  expect(named["fc6/bias"].data.every((value) => value === 0)).toBe(true);
  expect(initialParameters(slots, 2).slice(0, 9)).not.toEqual(flat.slice(0, 9));
});
