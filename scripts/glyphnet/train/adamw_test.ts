import { expect, test } from "vitest";
import { adamStep, rateAt } from "./adamw.ts";
import type { Slot } from "./flat_parameters.ts";

const slots: Slot[] = [
  { name: "weight", dims: [1], role: "weight", start: 0, count: 1 },
  { name: "bias", dims: [1], role: "bias", start: 1, count: 1 },
];

test("the first step moves by the rate against the gradient's sign, and shrinks weights only", () => {
  const state = {
    parameters: Float32Array.of(2, 2),
    first: new Float32Array(2),
    second: new Float32Array(2),
  };
  adamStep(state, Float32Array.of(0.5, -4), slots, { step: 1, rate: 0.1, decay: 0.2 });
  expect(state.parameters[0]).toBeCloseTo(2 * (1 - 0.02) - 0.1, 5);
  expect(state.parameters[1]).toBeCloseTo(2 + 0.1, 5);
  expect([...state.first]).toEqual([0.05, -0.4].map(Math.fround).map((v) => expect.closeTo(v, 6)));
});

test("it finds the lowest point of a parabola", () => {
  const state = {
    parameters: Float32Array.of(3, -2),
    first: new Float32Array(2),
    second: new Float32Array(2),
  };
  for (let step = 1; step <= 400; step++) {
    const gradient = state.parameters.map((value) => 2 * (value - 1));
    const rate = rateAt(step, { rate: 0.1, warmup: 1, cooldown: 300, steps: 400 });
    adamStep(state, gradient, slots, { step, rate, decay: 0 });
  }
  expect(state.parameters[0]).toBeCloseTo(1, 2);
  expect(state.parameters[1]).toBeCloseTo(1, 2);
});

test("the rate rises, stays and falls to nothing", () => {
  const schedule = { rate: 2, warmup: 10, cooldown: 20, steps: 100 };
  const rates = [1, 5, 10, 80, 85, 100].map((step) => rateAt(step, schedule));
  expect(rates).toEqual([0.2, 1, 2, 2, 1, 0].map((value) => expect.closeTo(value, 12)));
});
