import { expect, test } from "vitest";
import { float32 } from "../../tensor/tensor.ts";
import { ModelBuilder } from "../model_builder.ts";
import { inferShapes } from "../shape/infer_shapes.ts";
import { valueInfo } from "../value_info.ts";
import { upgradeModel } from "./upgrade_model.ts";

test('a Slice to the largest integer, as exporters say "to the end", keeps its meaning', () => {
  const b = new ModelBuilder({ opset: 9 });
  const bounds = { axes: [1n], starts: [2n], ends: [2n ** 63n - 1n] };
  b.output(b.op("Slice", [b.input("x", [1, 5])], bounds, "y"));
  expect(inferShapes(upgradeModel(b.build())).get("y")!.dims).toEqual([1, 3]);
});

test("weights that an old file lists as inputs become constants", () => {
  const b = new ModelBuilder({ opset: 9 });
  const w = b.constant(float32(Float32Array.of(1, 2), [2]), "w");
  b.output(b.op("Mul", [b.input("x", [1, 2]), w], {}, "y"));
  const { graph, ...model } = b.build();
  const input = [...graph.input, valueInfo("w", "float32", [2])];
  const inputsOf = (irVersion: number) =>
    upgradeModel({ ...model, irVersion, graph: { ...graph, input } }).graph.input
      .map(({ name }) => name);
  expect(inputsOf(3)).toEqual(["x"]);
  expect(inputsOf(4)).toEqual(["x", "w"]);
});

test("spatial=0 is dropped where there is one statistic a channel, else refused", () => {
  const model = (dims: readonly number[]) => {
    const b = new ModelBuilder({ opset: 8 });
    const count = dims.reduce((product, extent) => product * extent, 1);
    const statistics = Array.from(
      { length: 4 },
      () => b.constant(float32(new Float32Array(count).fill(1), dims)),
    );
    b.op("BatchNormalization", [b.input("x", [1, 2, 3, 3]), ...statistics], { spatial: 0 }, "y");
    b.output("y");
    return b.build();
  };
  expect(upgradeModel(model([2])).graph.node[0].attribute).toEqual([]);
  expect(() => upgradeModel(model([2, 3, 3]))).toThrow("statistics per element (spatial=0)");
});
