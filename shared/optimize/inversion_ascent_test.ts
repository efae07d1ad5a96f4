import { expect, test } from "vitest";
import { linearNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { decodeModel, encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { openSession, type Session } from "../runtime/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { inversionAscent } from "./inversion_ascent.ts";

const SIDE = 6;
const DIMS = [1, 3, SIDE, SIDE];
const CODES = 4;
const FEATURES = [1, -2, 3, 1];
const { input } = manifestFor({ path: "x.onnx", height: SIDE, width: SIDE });
const weights = randomTensor([3 * SIDE * SIDE, CODES], 1);

/** A linear layer, to which a constant is added. */
function shiftedNet(shift: number) {
  const b = new ModelBuilder({ base: decodeModel(linearNet(weights, [3, SIDE, SIDE])) });
  const constant = b.constant(float32(new Float32Array(CODES).fill(shift), [1, CODES]));
  b.op("Add", ["logits", constant], {}, "features");
  return b.build();
}

const codeOf = (values: readonly number[], shift: number) =>
  float32(Float32Array.from(values, (value) => value + shift), [1, CODES]);

/** The image after some steps towards features of the layer with the constant. */
async function invert(shift: number, tv: number): Promise<Float32Array> {
  let session: Session | undefined;
  const inverted = {
    ...{ model: shiftedNet(shift), inputName: "x", dims: DIMS, input, layer: "features" },
    features: codeOf(FEATURES, shift),
    meanCode: codeOf([0, 0, 0, 0], shift),
  };
  const ascent = inversionAscent(inverted, async (model, feeds, outputs) => {
    session ??= await openSession(encodeModel(model), { backend: "wasm" });
    return await session.run(feeds, outputs);
  }, { optimizer: "adam", steps: 20, tv, alpha: 0, seed: 1 });
  const points = await Array.fromAsync(ascent);
  await session?.dispose();
  return points.at(-1)!.image.data;
}

test("inversionAscent() weighs penalties by what features tells of its image", async () => {
  const expected = await invert(0, 10);
  const actual = await invert(20, 10);
  const apart = (other: Float32Array) =>
    Math.max(...expected.map((value, i) => Math.abs(value - other[i])));
  // Rounding grows with the constant.
  expect(apart(actual)).toBeLessThan(5e-3);
  // By the norm of the features alone, penalties would weigh as much more.
  const [norm, shifted] = [0, 20].map((shift) => Math.hypot(...codeOf(FEATURES, shift).data));
  expect(apart(await invert(0, 10 * (shifted / norm) ** 2))).toBeGreaterThan(0.05);
});

test("inversionAscent() refuses features that say nothing", () => {
  const zeros = codeOf([0, 0, 0, 0], 0);
  const inverted = { model: shiftedNet(0), inputName: "x", dims: DIMS, input, layer: "features" };
  const start = () =>
    inversionAscent({ ...inverted, features: zeros, meanCode: zeros }, () => Promise.reject(), {
      ...{ optimizer: "adam", steps: 1, tv: 1, alpha: 1, seed: 0 } as const,
    });
  expect(start).toThrow('Cannot invert "features": its features are all zeros');
});
