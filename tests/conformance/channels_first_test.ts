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

/** What a convolution of one filter, which takes `planes` channels, makes of [1, C, H, W]. */
function convolved(b: ModelBuilder, x: string, planes: number): string {
  const weights = Float32Array.from({ length: planes }, (_, i) => i + 1);
  return b.op("Conv", [x, b.constant(float32(weights, [1, planes, 1, 1]))]);
}

const axis = (b: ModelBuilder, ...list: number[]) =>
  b.constant({ type: "int64", dims: [list.length], data: BigInt64Array.from(list, BigInt) });

test.each(
  [
    [
      "[C, H, W]",
      [2, 2, 3],
      (b: ModelBuilder, x: string) => convolved(b, b.op("Unsqueeze", [x, axis(b, 0)]), 2),
    ],
    [
      "[H, W, C]",
      [2, 3, 3],
      (b: ModelBuilder, x: string) =>
        convolved(
          b,
          b.op("Unsqueeze", [b.op("Transpose", [x], { perm: [2, 0, 1] }), axis(b, 0)]),
          3,
        ),
    ],
    [
      "[N, H, W] of grey images",
      [1, 2, 3],
      (b: ModelBuilder, x: string) => convolved(b, b.op("Unsqueeze", [x, axis(b, 1)]), 1),
    ],
    [
      "[H, W]",
      [2, 3],
      (b: ModelBuilder, x: string) => convolved(b, b.op("Unsqueeze", [x, axis(b, 0, 1)]), 1),
    ],
    [
      "[N, C, W, H]",
      [1, 5, 2, 3],
      (b: ModelBuilder, x: string) =>
        convolved(b, b.op("Transpose", [x], { perm: [0, 1, 3, 2] }), 5),
    ],
  ] as const,
)("channelsFirst() finds the axes of %s by the first layer", async (_, dims, fill) => {
  const original = model(fill, dims);
  const turned = channelsFirst(original);
  const declared = declaredDims(turned.graph.input[0]) as number[];
  const count = declared.reduce((product, extent) => product * extent, 1);
  const data = Float32Array.from({ length: count }, (_, i) => i % 7);
  const { data: made } = await run(turned, float32(data, declared));
  // By hand: the convolution is the sum of the planes, the c-th of them times c + 1.
  const [, planes, height, width] = declared;
  const area = height * width;
  const expected = Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < planes; c++) sum += (c + 1) * data[c * area + i];
    return sum;
  });
  expect([...made as Float32Array]).toEqual(expected);
});

test("channelsFirst() finds layout and planes of an image whose shape nobody declares", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [null, null, null, null]);
  b.output(convolved(b, b.op("Transpose", [x], toFirst), 4));
  const turned = channelsFirst(b.build());
  expect(declaredDims(turned.graph.input[0])).toEqual([null, 4, null, null]);
  expect(turned.graph.node.map(({ opType }) => opType)).toEqual(["Identity", "Conv"]);
});
