import { float32, type Tensor } from "../../tensor/tensor.ts";
import { type GradientCase, ints, random } from "../gradient_case.ts";

/** Angles of 6 places and 2 pairs, as cosines or sines. */
const turns = (of: (angle: number) => number, dims = [6, 2]) =>
  float32(Float32Array.from({ length: 12 }, (_, i) => of(0.4 * i)), dims);

const places: Tensor<"int64"> = {
  type: "int64",
  dims: [1, 3],
  data: BigInt64Array.of(5n, 0n, 2n),
};

const rotary = (name: string, inputs: GradientCase["inputs"], attributes = {}): GradientCase => ({
  op: "RotaryEmbedding",
  name,
  inputs,
  attributes,
});

const col2Im = (
  name: string,
  dims: readonly number[],
  image: readonly number[],
  block: readonly number[],
  attributes = {},
): GradientCase => ({
  op: "Col2Im",
  name,
  inputs: [random(dims), ints(...image), ints(...block)],
  attributes,
});

const grid = (name: string, attributes = {}): GradientCase => ({
  op: "AffineGrid",
  name,
  inputs: [random([2, 2, 3]), ints(2, 3, 4, 5)],
  attributes,
});

export const cases: GradientCase[] = [
  grid("places between corners"),
  grid("corners", { align_corners: 1 }),
  { op: "CenterCropPad", name: "cropped", inputs: [random([2, 5, 6]), ints(2, 3, 4)] },
  {
    op: "CenterCropPad",
    name: "cropped and padded",
    inputs: [random([2, 5, 6]), ints(4, 9)],
    attributes: { axes: [1, -1] },
  },
  col2Im("blocks apart", [1, 8, 4], [4, 4], [2, 2], { strides: [2, 2] }),
  col2Im("overlapping", [2, 9, 12], [5, 6], [3, 3]),
  col2Im("padded, dilated", [1, 8, 12], [4, 5], [2, 2], {
    pads: [1, 0, 0, 1],
    dilations: [2, 2],
  }),
  rotary("places", [random([1, 2, 3, 4]), turns(Math.cos), turns(Math.sin), places]),
  rotary(
    "interleaved",
    [random([2, 2, 3, 4]), turns(Math.cos, [2, 3, 2]), turns(Math.sin, [2, 3, 2])],
    { interleaved: 1 },
  ),
  rotary(
    "joined heads, a part",
    [random([1, 3, 12]), turns(Math.cos), turns(Math.sin), places],
    { num_heads: 2, rotary_embedding_dim: 4 },
  ),
];
