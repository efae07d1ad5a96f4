import { expect, test } from "vitest";
import { GraphIndex, ModelBuilder } from "../onnx/mod.ts";
import { scoresFollowFrom } from "./scores_follow_from.ts";

test("the scores follow from what every way leads through", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3]);
  const first = b.op("Relu", [x], {}, "first");
  const branch = b.op("Abs", [first], {}, "branch");
  const joined = b.op("Add", [branch, first], {}, "joined");
  b.op("Neg", [joined], {}, "aside");
  b.output(b.op("Exp", [joined], {}, "logits"));
  const network = { index: new GraphIndex(b.build().graph), inputName: x, logitsTensor: "logits" };
  const isBottleneck = (tensor: string) => scoresFollowFrom(tensor, network);
  expect(["first", "joined", "logits"].map(isBottleneck)).toEqual([true, true, true]);
  // A shortcut leads past the branch, and nothing leads through what is aside.
  expect(["branch", "aside"].map(isBottleneck)).toEqual([false, false]);
});
