import { expect, test } from "vitest";
import { GraphIndex, inferShapes, ModelBuilder } from "../onnx/mod.ts";
import { findOutputs } from "./find_outputs.ts";

/** Scores found in a network whose tail `fill` builds on features [1, 4, 2, 2]. */
function find(fill: (b: ModelBuilder, x: string) => void) {
  const b = new ModelBuilder();
  fill(b, b.input("x", [1, 4, 2, 2]));
  const model = b.build();
  const { from: _, ...found } = findOutputs(new GraphIndex(model.graph), inferShapes(model));
  return found;
}

const pooled = (b: ModelBuilder, x: string) =>
  b.op("Flatten", [b.op("GlobalAveragePool", [x])], {}, "scores");

test("findOutputs() takes what goes into the softmax that makes an output", () => {
  expect(find((b, x) => b.output(b.op("Softmax", [pooled(b, x)], { axis: 1 }, "prob"))))
    .toEqual({ logits: "scores", link: "softmax", probabilities: "prob" });
});

test("findOutputs() sees through operators that only hand the scores on", () => {
  expect(find((b, x) => {
    const softmax = b.op("Softmax", [b.op("GlobalAveragePool", [x], {}, "pool")], { axis: 1 }, "p");
    b.output(b.op("Identity", [b.op("Flatten", [softmax])], {}, "out"));
  })).toEqual({ logits: "pool", link: "softmax", probabilities: "p" });
});

test("findOutputs() takes the softmax of an output, not one inside the network", () => {
  expect(
    find((b, x) => {
      const attention = b.op("Softmax", [x], { axis: 3 }, "attention");
      b.output(b.op("Softmax", [pooled(b, attention)], { axis: 1 }, "prob"));
    }).logits,
  ).toBe("scores");
});

test("findOutputs() of a LogSoftmax leaves the probabilities to be computed", () => {
  expect(find((b, x) => b.output(b.op("LogSoftmax", [pooled(b, x)], { axis: 1 }, "log"))))
    .toEqual({ logits: "scores", link: "softmax" });
});

test("findOutputs() without a softmax takes the first output that is a row of numbers", () => {
  expect(find((b, x) => {
    b.output(b.op("Relu", [x], {}, "map"));
    b.output(pooled(b, x));
  })).toEqual({ logits: "scores", link: "softmax" });
});

test("findOutputs() takes the row behind an output of another shape", () => {
  expect(
    find((b, x) => {
      const perm = [0, 2, 3, 1];
      b.output(b.op("Transpose", [b.op("GlobalAveragePool", [x], {}, "row")], { perm }, "last"));
    }).logits,
  ).toBe("row");
  expect(find((b, x) => b.output(b.op("Squeeze", [pooled(b, x)], {}, "list"))).logits)
    .toBe("scores");
});

test("findOutputs() takes a sigmoid for classes that are each a yes or no", () => {
  expect(find((b, x) => b.output(b.op("Sigmoid", [pooled(b, x)], {}, "prob"))))
    .toEqual({ logits: "scores", link: "sigmoid", probabilities: "prob" });
});

test("findOutputs() takes a single score where there is no row", () => {
  const single = (b: ModelBuilder, x: string) =>
    b.op("ReduceMean", [pooled(b, x)], { keepdims: 1 }, "one");
  expect(find((b, x) => b.output(single(b, x)))).toEqual({ logits: "one", link: "sigmoid" });
  expect(find((b, x) => {
    b.output(single(b, x));
    b.output("scores");
  })).toEqual({ logits: "scores", link: "softmax" });
});

test("findOutputs() takes no softmax over the channels of a map", () => {
  expect(() => find((b, x) => b.output(b.op("Softmax", [x], { axis: 1 }, "map")))).toThrow(
    "Cannot find the class scores",
  );
});

test("findOutputs() takes an output of unknown shape rather than none", () => {
  expect(find((b, x) => {
    b.output(b.op("Relu", [x], {}, "map"));
    b.output(b.op("Unheard", [x], {}, "y"));
  })).toEqual({ logits: "y", link: "softmax" });
});

test("findOutputs() refuses a network that scores nothing", () => {
  expect(() => find((b, x) => b.output(b.op("Relu", [x], {}, "map")))).toThrow(
    "Cannot find the class scores: no output is one row of float32, [1, classes], they are " +
      '"map" float32 [1,4,2,2]; a tensor that is can be named (--scores <tensor>)',
  );
});

test("findOutputs() follows names, dictionaries and the largest scores to what they are made of", () => {
  const softmax = (b: ModelBuilder, x: string) =>
    b.op("Softmax", [pooled(b, x)], { axis: 1 }, "prob");
  const expected = { logits: "scores", link: "softmax", probabilities: "prob" };
  expect(find((b, x) => {
    const best = b.op("ArgMax", [softmax(b, x)], { axis: 1 });
    b.output(b.op("ArrayFeatureExtractor", ["x", best], {}, "label"));
    b.output(b.op("ZipMap", ["prob"], { classlabels_strings: ["a", "b", "c", "d"] }, "loss"));
  })).toEqual(expected);
  expect(find((b, x) => {
    const k = b.constant({ type: "int64", dims: [1], data: BigInt64Array.of(2n) });
    b.output(b.ops("TopK", [softmax(b, x), k], {}, ["values", "indices"])[1]);
    b.output("values");
  })).toEqual(expected);
  // A sequence of all that the network makes.
  expect(find((b, x) => {
    const embedding = b.op("Flatten", [x], {}, "embedding");
    b.output(b.op("SequenceConstruct", [x, embedding, softmax(b, x)], {}, "list"));
  })).toEqual(expected);
});

test("findOutputs() takes no features for scores, be they named so or of length 1", () => {
  expect(find((b, x) => {
    b.output(b.op("Flatten", [x], {}, "features"));
    b.output(pooled(b, x));
  })).toEqual({ logits: "scores", link: "softmax" });
  const spelled = (b: ModelBuilder, x: string) => {
    const code = pooled(b, x);
    const norm = b.op("Sqrt", [b.op("ReduceSum", [b.op("Mul", [code, code])], { keepdims: 1 })]);
    b.output(b.op("Div", [code, norm], {}, "y"));
  };
  expect(() => find(spelled)).toThrow(
    'the output "y" is a code of 4 features; compare it with that of another image',
  );
  expect(() => find((b, x) => b.output(b.op("LpNormalization", [pooled(b, x)], { axis: 1 }, "y"))))
    .toThrow("is a code of 4 features");
});
