import { expect, test } from "vitest";
import { GraphIndex, inferShapes, ModelBuilder } from "../onnx/mod.ts";
import { findOutputs } from "./find_outputs.ts";

/** Scores found in a network whose tail `fill` builds on features [1, 4, 2, 2]. */
function find(fill: (b: ModelBuilder, x: string) => void) {
  const b = new ModelBuilder();
  fill(b, b.input("x", [1, 4, 2, 2]));
  const model = b.build();
  return findOutputs(new GraphIndex(model.graph), inferShapes(model));
}

const pooled = (b: ModelBuilder, x: string) =>
  b.op("Flatten", [b.op("GlobalAveragePool", [x])], {}, "scores");

test("findOutputs() takes what goes into the softmax that makes an output", () => {
  expect(find((b, x) => b.output(b.op("Softmax", [pooled(b, x)], { axis: 1 }, "prob"))))
    .toEqual({ logits: "scores", probabilities: "prob" });
});

test("findOutputs() sees through operators that only hand the scores on", () => {
  expect(find((b, x) => {
    const softmax = b.op("Softmax", [b.op("GlobalAveragePool", [x], {}, "pool")], { axis: 1 }, "p");
    b.output(b.op("Identity", [b.op("Flatten", [softmax])], {}, "out"));
  })).toEqual({ logits: "pool", probabilities: "p" });
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
    .toEqual({ logits: "scores" });
});

test("findOutputs() without a softmax takes the first output that is a row of numbers", () => {
  expect(find((b, x) => {
    b.output(b.op("Relu", [x], {}, "map"));
    b.output(pooled(b, x));
  })).toEqual({ logits: "scores" });
});

test("findOutputs() takes an output of unknown shape rather than none", () => {
  expect(find((b, x) => {
    b.output(b.op("Relu", [x], {}, "map"));
    b.output(b.op("Unheard", [x], {}, "y"));
  })).toEqual({ logits: "y" });
});

test("findOutputs() refuses a network that scores nothing", () => {
  expect(() => find((b, x) => b.output(b.op("Relu", [x], {}, "map")))).toThrow(
    'Cannot find the class scores: no output is one row of numbers, they are "map" [1,4,2,2]',
  );
});
