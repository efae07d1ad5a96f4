import { expect, test } from "vitest";
import { differentiate, energy, withAscentStep } from "../../shared/grad/mod.ts";
import { encodeModel } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { architectures, buildArchitecture } from "./architectures.ts";
import { seeded } from "./case_model.ts";

test("withAscentStep() raises the objective in every one of a few steps", async () => {
  const gradient = differentiate(buildArchitecture(architectures[0]), {
    objective: energy("logits"),
    wrt: ["x"],
  });
  const { model, rate, next } = withAscentStep(gradient, "x");
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const random = seeded(1);
  let x: Tensor = float32(Float32Array.from({ length: 768 }, random), [1, 3, 16, 16]);
  const values: number[] = [];
  for (let step = 0; step < 5; step++) {
    const results = await session.run({ x, [rate]: float32(Float32Array.of(0.01), []) });
    const g = results[gradient.gradients.x].data as Float32Array;
    const mean = g.reduce((sum, value) => sum + Math.abs(value), 0) / g.length;
    const [before, after] = [x.data as Float32Array, results[next].data as Float32Array];
    expect(after[7]).toBeCloseTo(before[7] + 0.01 * g[7] / mean, 6);
    values.push(results[gradient.objective].data[0] as number);
    x = results[next];
  }
  expect(values).toEqual(values.toSorted((a, b) => a - b));
});

test("withAscentStep() refuses a tensor that was not differentiated", () => {
  const gradient = differentiate(buildArchitecture(architectures[0]), {
    objective: energy("logits"),
    wrt: ["x"],
  });
  expect(() => withAscentStep(gradient, "logits")).toThrow('Cannot ascend along "logits"');
});

test("a gradient model refuses inputs of another shape than it was written for", async () => {
  const { model } = differentiate(buildArchitecture(architectures[0]), {
    objective: energy("logits"),
    wrt: ["x"],
    inputs: { x: [1, 3, 12, 20] },
  });
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  await session.run({ x: float32(new Float32Array(720), [1, 3, 12, 20]) });
  await expect(session.run({ x: float32(new Float32Array(768), [1, 3, 16, 16]) })).rejects
    .toThrow();
});
