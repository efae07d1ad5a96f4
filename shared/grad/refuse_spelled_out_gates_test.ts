import { expect, test } from "vitest";
import { GraphIndex, ModelBuilder } from "../onnx/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { refuseSpelledOutGates } from "./refuse_spelled_out_gates.ts";

function check(b: ModelBuilder) {
  const index = new GraphIndex(b.build().graph);
  return () => refuseSpelledOutGates(index.order, index, "guided");
}

test("a gate is found through the constants that scale it and its operand", () => {
  const b = new ModelBuilder();
  const two = b.constant(float32(Float32Array.of(2), []));
  const x = b.input("x", [1, 3]);
  const gate = b.op("Sigmoid", [b.op("Mul", [x, two])]);
  b.op("Mul", [b.op("Add", [x, two]), gate], {}, "gated");
  expect(check(b)).toThrow('at Mul "gated": it is a gate');
});

test("values that many ways lead to are looked at once", () => {
  const b = new ModelBuilder();
  const [x, other] = [b.input("x", [1, 3]), b.input("other", [1, 3])];
  let value = x;
  // Each way to x is one of 1000^8.
  for (let i = 0; i < 8; i++) value = b.op("Sum", new Array(1000).fill(value));
  b.op("Mul", [value, other]);
  b.op("Mul", [other, value]);
  expect(check(b)).not.toThrow();
});

test("long chains of scaled values do not overflow the stack", () => {
  const b = new ModelBuilder();
  const two = b.constant(float32(Float32Array.of(2), []));
  let value = b.input("x", [1, 3]);
  for (let i = 0; i < 20_000; i++) value = b.op("Mul", [value, two]);
  expect(check(b)).not.toThrow();
});
