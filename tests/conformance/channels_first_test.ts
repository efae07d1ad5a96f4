import { expect, test } from "vitest";
import {
  channelsFirst,
  declaredDims,
  type Dim,
  encodeModel,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";

const toFirst = { perm: [0, 3, 1, 2] };

function model(fill: (b: ModelBuilder, x: string) => string, dims: readonly Dim[]): Model {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [fill(b, b.input("x", dims))], {}, "y"));
  return b.build();
}

/** 1 x 2 x 2 x 3 numbers, as the file takes them and with the channels first. */
const last = float32(Float32Array.from({ length: 12 }, (_, i) => i - 5), [1, 2, 2, 3]);
const first = float32(
  Float32Array.from({ length: 12 }, (_, i) => last.data[i % 4 * 3 + Math.floor(i / 4)]),
  [1, 3, 2, 2],
);

async function run(of: Model, x: Tensor): Promise<Tensor> {
  await using session = await openSession(encodeModel(of), { backend: "wasm" });
  return (await session.run({ x })).y;
}

test.each(
  [
    ["transposed at once", (b: ModelBuilder, x: string) => b.op("Transpose", [x], toFirst), 0],
    [
      "transposed after a step",
      (b: ModelBuilder, x: string) => b.op("Transpose", [b.op("Abs", [x])], toFirst),
      2,
    ],
    [
      "read twice",
      (b: ModelBuilder, x: string) =>
        b.op("Add", [b.op("Transpose", [x], toFirst), b.op("ReduceMax", [x], { keepdims: 1 })]),
      1,
    ],
  ] as const,
)("channelsFirst() of an image that is %s", async (_, fill, transposes) => {
  const original = model(fill, ["N", 2, 2, 3]);
  const turned = channelsFirst(original);
  expect(declaredDims(turned.graph.input[0])).toEqual(["N", 3, 2, 2]);
  expect(turned.graph.node.filter(({ opType }) => opType === "Transpose")).toHaveLength(transposes);
  expect(await run(turned, first)).toEqual(await run(original, last));
});

test.each([[["N", 3, 8, 8]], [["N", 3, 8, 3]], [["N", 1, 28, 1]], [[1, 4, 8, 8]], [["N", 12]]])(
  "channelsFirst() leaves %j as it is",
  (dims) => {
    const original = model((b, x) => b.op("Relu", [x]), dims);
    expect(channelsFirst(original)).toBe(original);
  },
);
