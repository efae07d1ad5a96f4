import { expect, test } from "vitest";
import {
  encodeModel,
  inferShapes,
  int64List,
  type Model,
  ModelBuilder,
  withOutputs,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { randomTensor } from "../networks.ts";
import { selectClass, withChosenClass } from "../../shared/incremental/mod.ts";

type Head = (b: ModelBuilder, maps: string) => string;

const weight = (b: ModelBuilder, dims: readonly number[], seed = 1) =>
  b.constant(randomTensor(dims, seed));

const flat: Head = (b, maps) => b.op("Flatten", [b.op("GlobalAveragePool", [maps])]);

const HEADS: Readonly<Record<string, Head>> = {
  "a product with transposed weights": (b, maps) =>
    b.op("Gemm", [flat(b, maps), weight(b, [7, 4]), weight(b, [7], 2)], { transB: 1 }),
  "a product with a bias for all": (b, maps) =>
    b.op("Gemm", [flat(b, maps), weight(b, [4, 7]), weight(b, [1], 2)]),
  "a product, then a bias and a scale": (b, maps) => {
    const product = b.op("MatMul", [flat(b, maps), weight(b, [4, 7])]);
    const shifted = b.op("Add", [weight(b, [7], 2), product]);
    return b.op("Mul", [shifted, weight(b, [], 3)]);
  },
  "a convolution, rectified and averaged": (b, maps) => {
    const scores = b.op("Relu", [b.op("Conv", [maps, weight(b, [7, 4, 1, 1]), weight(b, [7], 2)])]);
    const pooled = b.op("GlobalAveragePool", [scores]);
    return b.op("Reshape", [pooled, b.constant(int64List([1, 7]))]);
  },
};

/** x [1, 4, 5, 6] -> scores. */
function build(head: Head): Model {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 4, 5, 6]);
  b.output(b.op("Identity", [head(b, b.op("Relu", [x]))], {}, "scores"));
  return b.build();
}

test.each(Object.keys(HEADS))("selectClass() leaves one row: %s", async (name) => {
  const model = build(HEADS[name]);
  const feeds = { x: randomTensor([1, 4, 5, 6], 9) };
  await using full = await openSession(encodeModel(model), { backend: "wasm" });
  const { scores } = await full.run(feeds);
  expect(scores.data).toHaveLength(7);
  const cut = selectClass(model, inferShapes(model), "scores", 5)!;
  await using one = await openSession(encodeModel(cut), { backend: "wasm" });
  const found = (await one.run(feeds)).scores.data;
  expect(found).toHaveLength(1);
  expect(found[0]).toBeCloseTo(Number(scores.data[5]), 5);
});

test.each(Object.keys(HEADS))("withChosenClass() serves all classes: %s", async (name) => {
  const model = build(HEADS[name]);
  const { model: both, score } = withChosenClass(model, inferShapes(model), "scores", "class")!;
  const bytes = encodeModel(withOutputs(both, ["scores", score]));
  await using session = await openSession(bytes, { backend: "wasm" });
  for (const index of [0, 3, 6]) {
    const feeds = { x: randomTensor([1, 4, 5, 6], 9), class: int64List([index]) };
    const found = await session.run(feeds);
    expect(found.scores.data).toHaveLength(7);
    expect(found[score].data).toHaveLength(1);
    // The same sum of four products, in another order.
    expect(found[score].data[0]).toBeCloseTo(Number(found.scores.data[index]), 5);
  }
});

const MISFITS: [string, Head][] = [
  [
    "classes are mixed after the product",
    (b, maps) => b.op("Softmax", [HEADS["a product with a bias for all"](b, maps)]),
  ],
  ["there is no product", flat],
  [
    "weights depend on the image",
    (b, maps) =>
      b.op("MatMul", [
        flat(b, maps),
        b.op("Mul", [weight(b, [4, 7]), b.op("ReduceMax", [maps], { keepdims: 0 })]),
      ]),
  ],
  [
    "one row of weights serves all classes",
    (b, maps) => {
      const features = b.op("Reshape", [maps, b.constant(int64List([1, 6, 20]))]);
      return b.op("MatMul", [features, weight(b, [20, 1])]);
    },
  ],
  [
    "one weight serves all classes",
    (b, maps) => {
      const features = b.op("Reshape", [maps, b.constant(int64List([1, 120, 1]))]);
      return b.op("MatMul", [features, weight(b, [1, 1])]);
    },
  ],
  [
    "the product has no axis but that of the classes",
    (b, maps) => {
      const features = b.op("Squeeze", [flat(b, maps), b.constant(int64List([0]))]);
      const scores = b.op("MatMul", [features, weight(b, [4, 7])]);
      return b.op("Reshape", [scores, b.constant(int64List([1, 7]))]);
    },
  ],
  ["a bias lies on another axis", (b, maps) => {
    const scores = b.op("Unsqueeze", [
      HEADS["a product with transposed weights"](b, maps),
      b.constant(int64List([0])),
    ]);
    const shifted = b.op("Add", [scores, weight(b, [1, 1, 7], 4)]);
    return b.op("Reshape", [shifted, b.constant(int64List([1, 7]))]);
  }],
  ["a bias repeats what it is added to", (b, maps) => {
    const product = HEADS["a product with transposed weights"](b, maps);
    const scores = b.op("Reshape", [product, b.constant(int64List([1, 1, 7]))]);
    const all = b.op("Add", [scores, weight(b, [1, 7, 1], 4)]);
    return b.op("Flatten", [b.op("GlobalMaxPool", [all])]);
  }],
  [
    "scores become maps that are averaged",
    (b, maps) => {
      const product = HEADS["a product with transposed weights"](b, maps);
      const made = b.op("Reshape", [product, b.constant(int64List([1, 7, 1, 1]))]);
      return b.op("Flatten", [b.op("GlobalAveragePool", [made])]);
    },
  ],
  [
    "a convolution has groups",
    (b, maps) => flat(b, b.op("Conv", [maps, weight(b, [8, 2, 1, 1])], { group: 2 })),
  ],
];

test.each(MISFITS)("a class is not taken out where %s", (_, head) => {
  const model = build(head);
  expect(selectClass(model, inferShapes(model), "scores", 1)).toBeUndefined();
  expect(withChosenClass(model, inferShapes(model), "scores", "class")).toBeUndefined();
});

test("selectClass() takes nothing out that something else reads", () => {
  const model = build((b, maps) => {
    const scores = HEADS["a product with a bias for all"](b, maps);
    return b.op("Sub", [scores, b.op("ReduceMax", [scores], { keepdims: 1 })]);
  });
  const facts = inferShapes(withOutputs(model, ["scores"]));
  expect(selectClass(model, facts, "scores", 1)).toBeUndefined();
});
