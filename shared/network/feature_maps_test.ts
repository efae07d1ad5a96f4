import { expect, test } from "vitest";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { openNetwork } from "./open_network.ts";

const ints = (...values: number[]): Tensor<"int64"> => ({
  type: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

test("layers are the feature maps in the order of the graph, without what only moves values", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 2, 4, 4]);
  const weights = b.constant(float32(new Float32Array(4 * 2), [4, 2, 1, 1]), "w");
  const conv = b.op("Conv", [x, weights], {}, "conv");
  const shape = b.op("Shape", [conv], {}, "shape");
  const batch = b.op("Gather", [shape, b.constant(ints(0), "zero")], {}, "batch");
  const sizes = b.op("Concat", [batch, b.constant(ints(2, 8, 4), "rest")], { axis: 0 }, "sizes");
  const reshaped = b.op("Reshape", [conv, sizes], {}, "reshaped");
  const padded = b.op(
    "Pad",
    [reshaped, b.constant(ints(0, 0, 1, 1, 0, 0, 1, 1), "pads")],
    {},
    "padded",
  );
  const cut = b.op(
    "Slice",
    [
      padded,
      b.constant(ints(0, 0), "starts"),
      b.constant(ints(4, 4), "ends"),
      b.constant(ints(2, 3), "axes"),
    ],
    {},
    "cut",
  );
  const relu = b.op("Relu", [cut], {}, "relu");
  const joined = b.op(
    "Concat",
    [relu, b.op("Identity", [relu], {}, "same")],
    { axis: 1 },
    "joined",
  );
  b.output(b.op("Flatten", [b.op("GlobalAveragePool", [joined], {}, "mean")], {}, "flat"));
  const bytes = encodeModel(b.build());
  const manifest = manifestFor({ path: "maps.onnx", height: 4, width: 4, mean: [0, 0, 0] });
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  expect(network.layers.map(({ tensor }) => tensor)).toEqual(["conv", "relu", "joined", "mean"]);
});
