import { expect, test } from "vitest";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import {
  crossEntropy,
  differentiate,
  forwardModel,
  gramDistance,
  gramMatrix,
  type Objective,
  powerSum,
  relativeDistance,
  totalVariation,
} from "../../shared/grad/mod.ts";
import { randomTensor } from "../networks.ts";

const DIMS = [1, 3, 4, 5];

/** An objective of "y" = 2 x, as a function. */
async function opened(objective: Objective, feeds: Readonly<Record<string, Tensor>> = {}) {
  const b = new ModelBuilder();
  const x = b.input("x", DIMS);
  b.output(b.op("Add", [x, x], {}, "y"));
  const { model } = differentiate(b.build(), { objective, wrt: ["x"] });
  const session = await openSession(encodeModel(model), { backend: "wasm" });
  return {
    async at(values: Float32Array) {
      const results = await session.run({ x: float32(values, DIMS), ...feeds });
      return {
        value: Number(results["grad/objective"].data[0]),
        gradient: results["grad/x"].data as Float32Array,
      };
    },
    [Symbol.asyncDispose]: () => session.dispose(),
  };
}

const gram = randomTensor([3, 3], 4);

/** Products of rows, or of columns, with each other, which weights make count unlike. */
const products = (transA: number, transB: number): Objective => (emit) => {
  const rows = emit.reshape("y", [5, 12]);
  const square = emit.op("Gemm", [rows, rows], { transA, transB });
  const weights = emit.array(randomTensor(emit.dims(square), 6).data, emit.dims(square), "y");
  return emit.op("ReduceSum", [emit.mul(square, weights)], { keepdims: 0 });
};

test.each([
  ["relativeDistance()", relativeDistance("y", "code"), { code: randomTensor(DIMS, 3) }],
  ["powerSum() of 2", powerSum("y", 2), {}],
  ["powerSum() of 6", powerSum("y", 6), {}],
  ["totalVariation()", totalVariation("y"), {}],
  ["gramDistance()", gramDistance("y", "gram"), { gram }],
  ["crossEntropy()", crossEntropy("y", "p"), { p: randomTensor(DIMS, 5) }],
  ["Gemm of a matrix with its own rows", products(0, 1), {}],
  ["Gemm of a matrix with its own columns", products(1, 0), {}],
])("%s has the gradient of central differences", async (_, objective, feeds) => {
  await using opening = await opened(objective, feeds);
  const [x, direction] = [randomTensor(DIMS, 1, 0.5).data, randomTensor(DIMS, 2).data];
  const step = 1e-2;
  const moved = async (by: number) =>
    (await opening.at(x.map((value, i) => value + by * direction[i]))).value;
  const numeric = (8 * (await moved(step) - await moved(-step)) -
    (await moved(2 * step) - await moved(-2 * step))) / (12 * step);
  const { gradient } = await opening.at(x);
  const along = gradient.reduce((sum, g, i) => sum + g * direction[i], 0);
  expect(Math.abs(along - numeric)).toBeLessThan(2e-3 * (1 + Math.abs(numeric)));
});

test("crossEntropy() of equal logits is the logarithm of their number, for each place", async () => {
  const p = float32(new Float32Array(60).fill(1 / 3), DIMS);
  await using opening = await opened(crossEntropy("y", "p"), { p });
  const { value, gradient } = await opening.at(new Float32Array(60).fill(0.7));
  expect(value).toBeCloseTo(20 * Math.log(3), 4);
  // Nothing is nearer to equal probabilities than equal logits.
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-6);
});

test("relativeDistance() is 0 at the code and 1 at zeros", async () => {
  const code = randomTensor(DIMS, 3);
  await using opening = await opened(relativeDistance("y", "code"), { code });
  expect((await opening.at(code.data.map((v) => v / 2))).value).toBeCloseTo(0, 6);
  expect((await opening.at(new Float32Array(60))).value).toBeCloseTo(1, 6);
});

test("totalVariation() counts each pair of neighbours once", async () => {
  const spike = new Float32Array(60);
  spike[6] = 1;
  spike[59] = 1;
  await using opening = await opened(totalVariation("y"));
  // Four neighbours of the one, two of the one in the corner, each at a distance of 2.
  expect((await opening.at(spike)).value).toBe(24);
});

test("powerSum() takes no sign", async () => {
  await using opening = await opened(powerSum("y", 3));
  expect((await opening.at(new Float32Array(60).fill(-0.5))).value).toBeCloseTo(60, 5);
});

test("gramDistance() does not depend on where things are", async () => {
  const x = randomTensor(DIMS, 1).data;
  // All planes turned by half.
  const turned = x.map((_, i) => x[Math.floor(i / 20) * 20 + 19 - i % 20]);
  await using opening = await opened(gramDistance("y", "gram"), { gram });
  const [one, other] = [await opening.at(x), await opening.at(turned)];
  expect(one.value / other.value).toBeCloseTo(1, 5);
});

test("gramMatrix() averages the products of channels over positions", async () => {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [b.input("x", [1, 3, 1, 2])], {}, "y"));
  const model = forwardModel(b.build(), { values: { gram: gramMatrix("y") }, outputs: ["y"] });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const layer = float32(Float32Array.of(1, 2, 3, 4, 0, -2), [1, 3, 1, 2]);
  const { gram, y } = await session.run({ x: layer });
  expect(gram.dims).toEqual([3, 3]);
  expect([...gram.data]).toEqual([2.5, 5.5, -2, 5.5, 12.5, -4, -2, -4, 2]);
  expect(y.data).toEqual(layer.data);
});

test("gramMatrix() is of one image", () => {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [b.input("x", [2, 3, 1, 2])], {}, "y"));
  const model = b.build();
  expect(() => forwardModel(model, { values: { gram: gramMatrix("y") } })).toThrow("batch is 2");
  expect(() => forwardModel(model, { values: { gram: gramMatrix("z") } })).toThrow(
    'Cannot write the graph: the shape of "z" is not known, or there is no such tensor',
  );
});
