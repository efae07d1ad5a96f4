import { expect, test } from "vitest";
import {
  DataType,
  encodeModel,
  inferShapes,
  inFloat32,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

const halves: Tensor = {
  type: "float16",
  dims: [2],
  data: new Uint16Array(new Float16Array([0.5, -3]).buffer),
};
const doubles: Tensor = { type: "float64", dims: [2], data: Float64Array.of(0.5, -3) };

test.each(
  [["float16", halves], ["float64", doubles]] as const,
)("inFloat32() of a network in %s", async (type, weights) => {
  const b = new ModelBuilder();
  const shifted = b.op("Add", [b.input("x", [1, 2], type), b.constant(weights, "w")]);
  const scaled = b.op("Mul", [shifted, b.op("Constant", [], { value: weights })]);
  const there = b.op("Cast", [scaled], { to: DataType.float32 });
  b.output(b.op("Cast", [there], { to: DataType[type] }, "y"), type);
  const model = inFloat32(b.build());
  const floats = [...inferShapes(model).values()].map((fact) => fact.type);
  expect(new Set(floats)).toEqual(new Set(["float32"]));
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const { y } = await session.run({ x: float32(Float32Array.of(1, 2), [1, 2]) });
  expect(y).toEqual(float32(Float32Array.of(0.75, 3), [1, 2]));
});

test("inFloat32() leaves doubles within a network in float32, which may count pixels", () => {
  const b = new ModelBuilder();
  const wide = b.op("Cast", [b.input("x", [1, 2])], { to: DataType.float64 });
  b.output(b.op("Floor", [wide], {}, "y"), "float64");
  const model = b.build();
  expect(inFloat32(model)).toBe(model);
});
