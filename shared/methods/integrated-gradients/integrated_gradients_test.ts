import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../../tests/networks.ts";
import { runMethod } from "../../contract/run_method.ts";
import type { MethodInput } from "../../contract/method.ts";
import { differentiate, unit } from "../../grad/mod.ts";
import { manifestFor } from "../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { BASELINES, integratedGradients, integratedGradientsOptions } from "./mod.ts";
import { baselineOf } from "./baseline.ts";

const SIDE = 12;
const SIZE = 3 * SIDE * SIDE;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const tensor = randomTensor([1, 3, SIDE, SIDE], 4);
const input: MethodInput = {
  tensor: float32(tensor.data.map((value) => value + 0.5), tensor.dims),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(200) },
};

const weights = randomTensor([SIZE, 4], 2, 0.1);
const openBytes = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });
const linear = () => openBytes(linearNet(weights, [3, SIDE, SIDE]));

const run = (network: Network, options: Record<string, unknown>, context = {}) =>
  runMethod(
    integratedGradients,
    network,
    { image: input },
    integratedGradientsOptions.parse(options),
    context,
  );

const data = (array: Tensor) => Array.from(array.data as Float32Array);

interface Completeness {
  readonly sum: number;
  readonly difference: number;
  readonly ratio: number;
}
const completenessOf = (measures: Awaited<ReturnType<typeof run>>["measures"]) =>
  measures.completeness as unknown as Completeness;

test.each(BASELINES)(
  "of a linear network, it is weight times difference, from %s",
  async (baseline) => {
    await using network = await linear();
    const { arrays, measures } = await run(network, {
      target: "2",
      steps: 3,
      samples: 2,
      baseline,
    });
    const samples = baseline === "noise" ? 2 : 1;
    const from = Array.from(
      { length: samples },
      (_, i) => baselineOf(input.tensor, { baseline, seed: 0 }, i),
    );
    const actual = data(arrays.attribution);
    for (let i = 0; i < SIZE; i++) {
      const start = from.reduce((sum, one) => sum + one.data[i], 0) / samples;
      expect(actual[i]).toBeCloseTo(weights.data[4 * i + 2] * (input.tensor.data[i] - start), 5);
    }
    const { sum, difference, ratio } = completenessOf(measures);
    expect(Math.abs(difference)).toBeGreaterThan(0.01);
    expect(Math.abs(sum - difference)).toBeLessThan(1e-4);
    expect(ratio).toBe(sum / difference);
    expect(measures.gradients).toBe(3 * samples);
  },
);

test("of a network with rectifiers, the sum comes nearer to the difference with more steps", async () => {
  await using network = await openBytes(convNet());
  const gaps: number[] = [];
  // Without biases, the way from zero meets no kink, and a single step is exact.
  const exact = completenessOf((await run(network, { target: "3", steps: 1 })).measures);
  expect(exact.ratio).toBeCloseTo(1, 5);
  for (const steps of [1, 8, 128]) {
    const { measures } = await run(network, { target: "3", steps, baseline: "mean" });
    const { sum, difference } = completenessOf(measures);
    gaps.push(Math.abs(sum - difference) / Math.abs(difference));
  }
  expect(gaps[1]).toBeLessThan(gaps[0]);
  expect(gaps[2]).toBeLessThan(gaps[1]);
  // Kinks are met at some step, so the error goes with the step's length.
  expect(gaps[2]).toBeLessThan(1e-2);
});

test("input x gradient is the gradient at the image, times the image", async () => {
  await using network = await openBytes(convNet());
  const { arrays, measures } = await run(network, { target: "3", kind: "input-x-gradient" });
  const { model } = differentiate(network.model, {
    objective: unit("logits", { channel: 3 }),
    wrt: ["x"],
    inputs: { x: input.tensor.dims },
  });
  const { "grad/x": g } = await network.evaluate(model, { x: input.tensor }, ["grad/x"]);
  const expected = data(g).map((value, i) => value * input.tensor.data[i]);
  data(arrays.attribution).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  expect(measures.gradients).toBe(1);
});

test("baselines of noise have the mean and spread of each plane, are seeded and differ", () => {
  const spec = { baseline: "noise", seed: 3 } as const;
  const [a, b] = [0, 1].map((sample) => data(baselineOf(input.tensor, spec, sample)));
  expect(a).not.toEqual(b);
  expect(data(baselineOf(input.tensor, spec, 0))).toEqual(a);
  expect(data(baselineOf(input.tensor, { ...spec, seed: 4 }, 0))).not.toEqual(a);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  // Of 432 draws with a deviation of 1, the mean deviates by 0.05.
  expect(Math.abs(mean(a) - mean(data(input.tensor)))).toBeLessThan(0.2);
});

test("progress counts steps, and a stop ends the run", async () => {
  await using network = await linear();
  const done: number[] = [];
  await run(network, { target: "1", steps: 3 }, {
    onProgress: (progress: { done: number }) => done.push(progress.done),
  });
  expect(done).toEqual([0, 1, 2, 3]);
  const stop = new AbortController();
  const stopped = run(network, { target: "1", steps: 100 }, {
    signal: stop.signal,
    onProgress: (progress: { done: number }) =>
      progress.done === 2 && stop.abort(new Error("enough")),
  });
  await expect(stopped).rejects.toThrow("enough");
});

test("a network with non-finite weights is refused", async () => {
  await using network = await openBytes(convNet({ firstWeight: NaN }));
  await expect(run(network, { target: "1" })).rejects.toMatchObject({ kind: "invalid-options" });
});

test("of a linear network and two classes, it is the difference of theirs; of a dead unit, an error", async () => {
  await using network = await linear();
  const { arrays, measures } = await run(network, { target: "class 2 - class 0", steps: 2 });
  data(arrays.attribution).forEach((value, i) => {
    const weight = weights.data[4 * i + 2] - weights.data[4 * i];
    expect(value).toBeCloseTo(weight * input.tensor.data[i], 5);
  });
  expect(completenessOf(measures).ratio).toBeCloseTo(1, 4);
  expect(measures).toMatchObject({ target: "class 2 - class 0", quantity: "sum of logits" });
  const below = randomTensor([SIZE, 4], 2).data.map((value) => -Math.abs(value));
  const b = new ModelBuilder();
  const flat = b.op("Flatten", [b.op("Relu", [b.input("x", [1, 3, SIDE, SIDE])])]);
  const dead = b.op("Relu", [b.op("MatMul", [flat, b.constant(float32(below, [SIZE, 4]))])]);
  b.output(b.op("Identity", [dead], {}, "logits"));
  await using off = await openBytes(encodeModel(b.build()));
  await expect(run(off, { target: "1", steps: 2 })).rejects.toThrow(
    "Cannot attribute class 1: the gradient of its logit by the image is 0 everywhere",
  );
});
