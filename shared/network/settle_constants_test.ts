import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { differentiate, unit } from "../grad/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { openNetwork } from "./open_network.ts";

const int64 = (...values: number[]) => ({
  type: "int64" as const,
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** A convolution whose result goes through what `fill` builds, then a mean and a row of scores. */
function netWith(fill: (b: ModelBuilder, x: string) => string) {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 8, 8]);
  const conv = b.op("Conv", [x, b.constant(randomTensor([4, 3, 3, 3], 1))], {}, "conv");
  const last = fill(b, conv);
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [last])]);
  b.output(b.op("Gemm", [flat, b.constant(randomTensor([4, 3], 2))], {}, "logits"));
  return openNetwork(
    {
      manifest: manifestFor({ path: "small.onnx", height: 8, width: 8 }),
      bytes: encodeModel(b.build()),
    },
    { backend: "wasm" },
  );
}

/** Ways in which exporters compute numbers that a shape depends on. */
const CASES: Readonly<Record<string, (b: ModelBuilder, x: string) => string>> = {
  // As PyTorch wrote F.pad before operator set 13: [left, right, ...] turned round by transposing.
  "pads that are turned round": (b, x) => {
    const pairs = b.op("Reshape", [
      b.constant(int64(1, 2, 0, 1, 0, 0, 0, 0)),
      b.constant(int64(4, 2)),
    ]);
    const sliced = b.op("Slice", [
      pairs,
      b.constant(int64(-1)),
      b.constant(int64(-(2 ** 31))),
      b.constant(int64(0)),
      b.constant(int64(-1)),
    ]);
    const turned = b.op("Transpose", [sliced], { perm: [1, 0] });
    const pads = b.op("Reshape", [turned, b.constant(int64(-1))]);
    return b.op("Pad", [x, b.op("Cast", [pads], { to: 7 })], {}, "out");
  },
  // The end is the largest int64, which is no exact number; the places make the runtime compute it.
  "a slice to the end": (b, x) => {
    const found = b.op("NonZero", [b.constant(int64(9, 9, 9, 9))]);
    const places = b.op("Reshape", [found, b.constant(int64(-1))]);
    const value = { type: "int64" as const, dims: [1], data: BigInt64Array.of(2n ** 63n - 1n) };
    const end = b.op("Constant", [], { value });
    const row = b.op("Sin", [b.constant(randomTensor([8], 4))]);
    const last = b.op("Slice", [row, b.constant(int64(4)), end, b.constant(int64(0))]);
    return b.op("Mul", [b.op("Gather", [x, places], { axis: 3 }), last], {}, "out");
  },
  "a shape that is tiled": (b, x) => {
    const shape = b.op("Shape", [x]);
    const four = b.op("Tile", [b.constant(int64(1)), b.constant(int64(4))]);
    return b.op("Reshape", [x, b.op("Mul", [shape, four])], {}, "out");
  },
  "places that are not zero": (b, x) => {
    const found = b.op("NonZero", [b.constant(int64(0, 3, 0, 5))]);
    const row = b.op("Reshape", [found, b.constant(int64(-1))]);
    return b.op("Gather", [x, row], { axis: 3 }, "out");
  },
};

test.each(Object.entries(CASES))(
  "shapes that follow from %s are known, and equal those of a run",
  async (_, fill) => {
    await using network = await netWith(fill);
    const x = randomTensor([1, 3, 8, 8], 3);
    const { out } = await network.forward(x, ["out"]);
    expect(network.facts.get("out")?.dims).toEqual(out.dims);
  },
);

test("a gradient through such a shape agrees with central differences", async () => {
  await using network = await netWith(CASES["pads that are turned round"]);
  const x = randomTensor([1, 3, 8, 8], 3);
  const { model, gradients } = differentiate(network.model, {
    objective: unit("logits", { channel: 1 }),
    wrt: ["x"],
    inputs: { x: [1, 3, 8, 8] },
  });
  const { [gradients.x]: { data } } = await network.evaluate(model, { x }, [gradients.x]);
  const scoreAt = async (at: number, change: number) => {
    const moved = { ...x, data: x.data.slice() };
    moved.data[at] += change;
    return Number((await network.forward(moved, ["logits"])).logits.data[1]);
  };
  // The network is linear, so that only rounding of float32 is left of a wide step.
  for (const at of [0, 77, 191]) {
    const slope = (await scoreAt(at, 1) - await scoreAt(at, -1)) / 2;
    expect(Number(data[at])).toBeCloseTo(slope, 5);
  }
});

test("a network whose shapes are all known is left as it is", async () => {
  await using network = await netWith((b, x) => b.op("Relu", [x], {}, "out"));
  expect(network.file.graph.node.map(({ opType }) => opType)).toEqual(
    ["Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm"],
  );
});
