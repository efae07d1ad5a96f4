import { expect, test } from "vitest";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { differentiate } from "../../shared/grad/differentiate.ts";
import { logOdds } from "../../shared/grad/score_objectives.ts";

/** Log odds of class 1 and their gradient by the logits, which are 2 x. */
async function at(x: readonly number[], dims: readonly number[]) {
  const b = new ModelBuilder();
  const input = b.input("x", dims);
  b.output(b.op("Add", [input, input], {}, "logits"));
  const objective = logOdds("logits", "choice");
  const { model } = differentiate(b.build(), { objective, wrt: ["x"] });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const made = await session.run({
    x: float32(Float32Array.from(x), dims),
    choice: float32(Float32Array.from(x, (_, i) => i === 1 ? 1 : 0), dims),
  });
  return { value: made["grad/objective"].data[0], gradient: [...made["grad/x"].data] };
}

test.each([[[1, 4]], [[1, 4, 1, 1]]])(
  "logOdds() of logits %j follows from probabilities",
  async (dims) => {
    const x = [0.5, 1, -2, 0];
    const powers = x.map((v) => Math.exp(2 * v));
    const others = powers[0] + powers[2] + powers[3];
    const { value, gradient } = await at(x, dims);
    expect(value).toBeCloseTo(Math.log(powers[1] / others), 5);
    const expected = powers.map((power, i) => i === 1 ? 2 : -2 * power / others);
    expect(gradient).toEqual(expected.map((g) => expect.closeTo(g, 5)));
  },
);

test("logOdds() still has a slope where the class is certain", async () => {
  const { value, gradient } = await at([-10, 50, -12], [1, 3]);
  expect(value).toBeCloseTo(120 - Math.log(1 + Math.exp(-4)), 3);
  expect(gradient[1]).toBeCloseTo(2, 5);
});
