import { expect, test } from "vitest";
import {
  encodeModel,
  inferShapes,
  ModelBuilder,
  upgradeModel,
  withOutputs,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";
import { buildCase, seeded } from "./case_model.ts";
import { allCases } from "./cases.ts";

test.each(await allCases())("inferred shapes are those of the run: $op / $name", async (row) => {
  const { model, feeds, outputs } = buildCase(row, seeded(7));
  const facts = inferShapes(upgradeModel(model));
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run(feeds, outputs);
  for (const name of outputs) expect(facts.get(name)?.dims).toEqual([...results[name].dims]);
});

test.each(await allCases())("an upgraded model computes the same: $op / $name", async (row) => {
  const { model, feeds, outputs } = buildCase(row, seeded(7));
  const upgraded = upgradeModel(model);
  if (upgraded === model) return;
  await using before = await openSession(encodeModel(model), { backend: "wasm" });
  await using after = await openSession(encodeModel(upgraded), { backend: "wasm" });
  expect(await after.run(feeds, outputs)).toEqual(await before.run(feeds, outputs));
});

test("inferred shapes and types of quantised layers are those of the run", async () => {
  const bytes = (dims: readonly number[], fill: number): Tensor => ({
    type: "uint8",
    dims,
    data: new Uint8Array(dims.reduce((a, b) => a * b, 1)).fill(fill),
  });
  const b = new ModelBuilder();
  const [scale, zero] = [b.constant(float32(Float32Array.of(0.1), [])), b.constant(bytes([], 9))];
  b.ops("DynamicQuantizeLinear", [b.input("x", [1, 3, 8, 8])], {}, ["q", "step", "none"]);
  const kernels = b.constant(bytes([4, 3, 3, 3], 2));
  b.op("ConvInteger", ["q", kernels, "none"], { strides: [2, 2] }, "counted");
  const of = (
    value: string,
    weights: string,
  ) => [value, scale, zero, weights, scale, zero, scale, zero];
  b.op("QLinearConv", of("q", kernels), { pads: [1, 1, 1, 1] }, "maps");
  b.op("Flatten", ["maps"], {}, "rows");
  const matrix = b.constant(bytes([256, 5], 1));
  b.op("MatMulInteger", ["rows", matrix], {}, "product");
  b.op("QLinearMatMul", of("rows", matrix), {}, "scores");
  const names = ["q", "step", "none", "counted", "maps", "product", "scores"];
  const model = withOutputs(b.build(), names);
  const facts = inferShapes(model);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: randomTensor([1, 3, 8, 8], 1) }, names);
  for (const name of names) {
    const { type, dims } = results[name];
    expect(facts.get(name), name).toEqual({ type, dims });
  }
});
