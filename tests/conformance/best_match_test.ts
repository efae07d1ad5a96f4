import { expect, test } from "vitest";
import { bestMatch, differentiate } from "../../shared/grad/mod.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";

const CHANNELS = 3;
const COUNT = 4;

/** Objective and gradient by the definition, position by position. */
function byDefinition(x: Float32Array, features: Float32Array, positions: number) {
  const gradient = new Float32Array(x.length);
  let objective = 0;
  for (let p = 0; p < positions; p++) {
    const products = Array.from({ length: COUNT }, (_, q) => {
      let sum = 0;
      for (let c = 0; c < CHANNELS; c++) sum += x[c * positions + p] * features[c * COUNT + q];
      return sum;
    });
    const best = products.indexOf(Math.max(...products));
    objective += products[best];
    for (let c = 0; c < CHANNELS; c++) gradient[c * positions + p] = features[c * COUNT + best];
  }
  return { gradient, objective };
}

test.each([[[1, CHANNELS, 2, 5]], [[1, CHANNELS]]])(
  "bestMatch() of a layer %j draws each position to the feature that fits it best",
  async (dims) => {
    const b = new ModelBuilder();
    b.output(b.op("Identity", [b.input("x", dims)], {}, "layer"));
    const { model, objective, gradients } = differentiate(b.build(), {
      objective: bestMatch("layer", "features", COUNT),
      wrt: ["x"],
    });
    const x = randomTensor(dims, 1);
    // A position of zeros fits all features alike: the first one wins.
    const positions = x.data.length / CHANNELS;
    if (positions > 1) { for (let c = 0; c < CHANNELS; c++) x.data[c * positions] = 0; }
    const features = randomTensor([CHANNELS, COUNT], 2);
    await using session = await openSession(encodeModel(model), { backend: "wasm" });
    const results = await session.run({ x, features });
    const expected = byDefinition(x.data, features.data, positions);
    expect(results[objective].data[0]).toBeCloseTo(expected.objective, 4);
    expect(results[gradients.x]).toEqual(float32(expected.gradient, dims));
  },
);
