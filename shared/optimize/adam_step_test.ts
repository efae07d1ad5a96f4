import { expect, test } from "vitest";
import { differentiate, projection } from "../grad/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { openSession } from "../runtime/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { adamRates, withAdamStep } from "./adam_step.ts";

const row = (...values: number[]) => float32(Float32Array.from(values), [1, values.length]);

/** x -> x^2, whose gradient under weights w is 2 w x. */
function squares() {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3]);
  b.output(b.op("Mul", [x, x], {}, "y"));
  return differentiate(b.build(), { objective: projection("y", "w"), wrt: ["x"] });
}

test("withAdamStep() follows the closed form over several steps", async () => {
  const { model, moments, nextMoments, next } = withAdamStep(squares(), "x");
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const w = [1, -0.5, 0.01];
  const expected = { x: [1, 2, -3], m: [0, 0, 0], v: [0, 0, 0] };
  let feeds = { x: row(1, 2, -3), [moments[0]]: row(0, 0, 0), [moments[1]]: row(0, 0, 0) };
  for (let t = 1; t <= 5; t++) {
    const made = await session.run({ ...feeds, w: row(...w), ...adamRates(0.1, t) });
    expected.x = expected.x.map((x, i) => {
      const g = 2 * w[i] * x;
      expected.m[i] = 0.9 * expected.m[i] + 0.1 * g;
      expected.v[i] = 0.999 * expected.v[i] + 0.001 * g * g;
      const [m, v] = [expected.m[i] / (1 - 0.9 ** t), expected.v[i] / (1 - 0.999 ** t)];
      return x + 0.1 * m / (Math.sqrt(v) + 1e-8);
    });
    [...made[next].data].forEach((x, i) => expect(x).toBeCloseTo(expected.x[i], 4));
    feeds = {
      x: made[next] as typeof feeds.x,
      [moments[0]]: made[nextMoments[0]] as typeof feeds.x,
      [moments[1]]: made[nextMoments[1]] as typeof feeds.x,
    };
  }
});

test("withAdamStep() stays where the gradient is zero", async () => {
  const { model, moments, next } = withAdamStep(squares(), "x");
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const zeros = row(0, 0, 0);
  const feeds = { x: row(1, 2, 3), w: zeros, [moments[0]]: zeros, [moments[1]]: zeros };
  const made = await session.run({ ...feeds, ...adamRates(0.1, 1) });
  expect(made[next].data).toEqual(Float32Array.of(1, 2, 3));
});

test("withAdamStep() refuses what was not differentiated", () => {
  expect(() => withAdamStep(squares(), "w")).toThrow(
    'Cannot ascend along "w": it is no input that was differentiated',
  );
});
