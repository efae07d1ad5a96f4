import { expect, test } from "vitest";
import { ModelBuilder } from "../../shared/onnx/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import {
  type DifferentiateOptions,
  distance,
  energy,
  logProbability,
  projection,
  unit,
  weightedSum,
} from "../../shared/grad/mod.ts";
import { network, relu, row, run } from "./small_gradient.ts";

test("a max-pool window passes to its first maximum in row-major order", async () => {
  const b = new ModelBuilder();
  b.output(b.op("MaxPool", [b.input("x", [1, 1, 2, 4])], {
    kernel_shape: [2, 2],
    strides: [2, 2],
  }, "y"));
  const { x } = await run(b.build(), { objective: energy("y"), wrt: ["x"] }, {
    x: float32(Float32Array.of(1, 5, 0, 0, 5, 5, 0, 0), [1, 1, 2, 4]),
  });
  expect(x).toEqual([0, 5, 0, 0, 0, 0, 0, 0]);
  const ones = await run(b.build(), { objective: unit("y", { channel: 0 }), wrt: ["x"] }, {
    x: float32(new Float32Array(8), [1, 1, 2, 4]),
  });
  expect(ones.x).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
});

test("a vector of zeros that is scaled to length 1 passes nothing back", async () => {
  const model = network(2, (b, x) => b.op("LpNormalization", [x], { axis: 1 }));
  const { x } = await run(model, { objective: unit("y", { channel: 0 }), wrt: ["x"] }, {
    x: row(0, 0),
  });
  expect(x).toEqual([0, 0]);
});

test("operands that tie for the maximum share equally", async () => {
  const max = network(2, (b, x) => b.op("Max", [x, b.constant(row(1, 1))]));
  const { x } = await run(max, { objective: energy("y"), wrt: ["x"] }, { x: row(1, 3) });
  expect(x).toEqual([0.5, 3]);
});

test("objectives are what they say", async () => {
  const same = network(3, (b, x) => b.op("Identity", [x]));
  const x = row(1, 2, 3);
  const at = (objective: DifferentiateOptions["objective"], feeds = {}) =>
    run(same, { objective, wrt: ["x"] }, { x, ...feeds });
  expect(await at(unit("y", { channel: 1 }))).toEqual({ objective: [2], x: [0, 1, 0] });
  expect(await at(energy("y"))).toEqual({ objective: [7], x: [1, 2, 3] });
  expect(await at(distance("y", "code"), { code: row(1, 0, 0) })).toEqual({
    objective: [13],
    x: [0, 4, 6],
  });
  expect(
    await at(weightedSum([[2, unit("y", { channel: 0 })], [-1, energy("y")]])),
  ).toEqual({ objective: [-5], x: [1, -2, -3] });
  const log = await at(logProbability("y", 2));
  const total = Math.exp(1) + Math.exp(2) + Math.exp(3);
  expect(log.objective[0]).toBeCloseTo(3 - Math.log(total), 6);
  expect(log.x[2]).toBeCloseTo(1 - Math.exp(3) / total, 6);
});

test("the log-probability after a sigmoid is of its own class alone", async () => {
  const objective = logProbability("y", 1, "sigmoid");
  const { objective: [value], x } = await run(relu, { objective, wrt: ["x"], reluRule: "guided" }, {
    x: row(5, 1, 3, 7),
  });
  const probability = 1 / (1 + Math.exp(-1));
  expect(value).toBeCloseTo(Math.log(probability), 5);
  expect(x).toEqual([0, expect.closeTo(1 - probability, 5), 0, 0]);
});

test("the log-probability of scores that are probabilities is their logarithm", async () => {
  const same = network(3, (b, x) => b.op("Identity", [x]));
  const at = (index: number) =>
    run(same, { objective: logProbability("y", index, "none"), wrt: ["x"] }, {
      x: row(0.5, 0, 0.5),
    });
  const { objective, x } = await at(0);
  expect(objective[0]).toBeCloseTo(Math.log(0.5), 6);
  expect(x).toEqual([2, 0, 0]);
  expect(Number.isFinite((await at(1)).objective[0])).toBe(true);
});

test("gradients of intermediate tensors and weights", async () => {
  const b = new ModelBuilder();
  const w = b.constant(row(2, 3), "w");
  const h = b.op("Mul", [b.input("x", [1, 2]), w], {}, "h");
  b.output(b.op("Mul", [h, h], {}, "y"));
  const gradients = await run(
    b.build(),
    { objective: projection("y", "g"), wrt: ["x", "h", "w"] },
    { x: row(1, -1), g: row(1, 1) },
  );
  expect(gradients).toEqual({ objective: [13], x: [8, -18], h: [4, -6], w: [4, 6] });
});

test("each image of a batch gets the gradient of its own score", async () => {
  const square = network(2, (b, x) => b.op("Mul", [x, x]));
  const { x } = await run(
    square,
    { objective: unit("y", { channel: 1 }), wrt: ["x"], inputs: { x: [2, 2] } },
    { x: float32(Float32Array.of(1, 2, 3, 4), [2, 2]) },
  );
  expect(x).toEqual([0, 4, 0, 8]);
});
