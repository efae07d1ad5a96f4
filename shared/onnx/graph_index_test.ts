import { expect, test } from "vitest";
import { byDepth } from "./graph_index.ts";
import { ModelBuilder } from "./model_builder.ts";

test("what depends on early values stands early, and every node behind what it reads", () => {
  const b = new ModelBuilder();
  const first = b.op("Sin", [b.input("x", [1])], {}, "first");
  const second = b.op("Sin", [first], {}, "second");
  const third = b.op("Sin", [second], {}, "third");
  const late = b.op("Cos", [first], {}, "late");
  b.output(b.op("Mul", [third, late], {}, "y"));
  const names = byDepth(b.build()).graph.node.map(({ output }) => output[0]);
  expect(names).toEqual(["first", "second", "late", "third", "y"]);
});
