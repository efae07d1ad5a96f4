import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeModel } from "../../../shared/onnx/mod.ts";
import { openSession, type Session } from "../../../shared/runtime/mod.ts";
import { normalAt } from "../../../shared/tensor/random.ts";
import { float32, type Tensor } from "../../../shared/tensor/tensor.ts";
import { targetsOf } from "./batch.ts";
import { exportModel } from "./export_model.ts";
import { initialParameters, layout, parameterCount, views } from "./flat_parameters.ts";
import type { GlyphnetShape } from "./glyphnet.ts";
import { SMOKE } from "./train_options.ts";
import { trainingGraph } from "./training_graph.ts";

const BATCH = 4;
const shape: GlyphnetShape = {
  side: 19,
  convs: [
    { channels: 4, kernel: 5, stride: 2, isPooled: true },
    { channels: 5, kernel: 3, stride: 1, isPooled: false },
  ],
  hidden: [6],
  classes: 3,
};
const slots = layout(shape);
const graph = trainingGraph(shape, BATCH);
const image = float32(
  Float32Array.from({ length: BATCH * 3 * 19 * 19 }, (_, i) => normalAt(1, i)),
  [BATCH, 3, 19, 19],
);
const targets = targetsOf([0, 2, 1, 2], shape.classes, 0.1);
let session: Session;
beforeAll(async () => {
  session = await openSession(encodeModel(graph.model), { backend: "wasm" });
});
afterAll(() => session.dispose());

const run = (parameters: Float32Array) =>
  session.run({ image, targets, ...views(slots, parameters) });
const numbers = (tensor: Tensor) => [...tensor.data as Float32Array];

/** Weights as training starts with, gains and biases off their special values. */
function someParameters(): Float32Array {
  return initialParameters(slots, 5).map((value, i) => value + 0.05 * normalAt(6, i));
}

test("the loss is the mean cross-entropy of the scores", async () => {
  const outputs = await run(someParameters());
  const scores = numbers(outputs[graph.scores]);
  let loss = 0;
  for (let n = 0; n < BATCH; n++) {
    const row = scores.slice(n * 3, n * 3 + 3);
    const total = Math.log(row.reduce((sum, score) => sum + Math.exp(score), 0));
    row.forEach((score, k) => loss -= targets.data[n * 3 + k] * (score - total) / BATCH);
  }
  expect(numbers(outputs[graph.objective])[0]).toBeCloseTo(loss, 4);
});

test("gradients of all kinds of parameters agree with differences of the loss", async () => {
  const parameters = someParameters();
  const outputs = await run(parameters);
  for (const { name, start, count } of slots) {
    const direction = Float32Array.from({ length: count }, (_, i) => normalAt(9, start + i));
    const norm = Math.hypot(...direction);
    const step = 2e-3;
    const losses = await Promise.all([step, -step].map(async (size) => {
      const moved = parameters.slice();
      direction.forEach((value, i) => moved[start + i] += size * value / norm);
      return numbers((await run(moved))[graph.objective])[0];
    }));
    const gradient = numbers(outputs[graph.gradients[name]]);
    const expected = gradient.reduce((sum, value, i) => sum + value * direction[i] / norm, 0);
    expect(Math.abs((losses[0] - losses[1]) / (2 * step) - expected), name).toBeLessThan(2e-3);
  }
});

test("the exported network gives the scores of training, its statistics folded in", async () => {
  const parameters = someParameters();
  const outputs = await run(parameters);
  const statistics = Float32Array.from(
    Object.values(graph.statistics).flatMap(({ mean, variance }) => [
      ...numbers(outputs[mean]),
      ...numbers(outputs[variance]),
    ]),
  );
  const options = { ...SMOKE, shape };
  const empty = new Float32Array(parameterCount(slots));
  const checkpoint = { options, step: 1, parameters, first: empty, second: empty, statistics };
  const model = exportModel(checkpoint);
  const operators = new Set(model.graph.node.map(({ opType }) => opType));
  expect([...operators].sort()).toEqual(["Conv", "Flatten", "Gemm", "MaxPool", "Relu", "Softmax"]);
  await using exported = await openSession(encodeModel(model), { backend: "wasm" });
  const found = await exported.run({ image });
  const expected = numbers(outputs[graph.scores]);
  numbers(found.fc4).forEach((score, i) => expect(score).toBeCloseTo(expected[i], 3));
  const sums = [0, 1, 2, 3].map((n) =>
    numbers(found.prob).slice(3 * n, 3 * n + 3).reduce((a, b) => a + b)
  );
  sums.forEach((sum) => expect(sum).toBeCloseTo(1, 5));
});
