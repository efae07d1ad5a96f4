import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor, preprocess } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { argmax, classScores } from "../../network/class_scores.ts";
import { openNetwork } from "../../network/open_network.ts";
import { adversarial } from "./mod.ts";
import { adversarialOptions } from "./options.ts";

const SIDE = 12;
const standard = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
/** Images of the input's size go in as they are. */
const manifest = {
  ...standard,
  input: { ...standard.input, resize: { stretch: true, filter: "bilinear" } as const },
};

const data = Uint8ClampedArray.from(
  randomTensor([SIDE, SIDE, 4], 3, 40).data,
  (value, i) => i % 4 === 3 ? 255 : 128 + value,
);
const image = preprocess({ width: SIDE, height: SIDE, data }, manifest.input);

const open = (bytes = convNet({ height: SIDE, width: SIDE })) =>
  openNetwork({ manifest, bytes }, { backend: "wasm" });

const run = async (options: Record<string, unknown>, context = {}) => {
  await using network = await open();
  const parsed = adversarialOptions.parse(options);
  return await runMethod(adversarial, network, { image }, parsed, context);
};

test.each(["l2", "linf"])(
  "adversarial() by %s fools, with the image as it is saved",
  async (norm) => {
    await using network = await open();
    const { images, measures } = await run({ target: "second", norm, steps: 60 });
    expect(Object.keys(images)).toEqual(["adversarial", "difference"]);
    const saved = preprocess(images.adversarial, manifest.input);
    const { logits } = await classScores(network, saved.tensor);
    expect(measures.isFooled).toBe(true);
    expect(argmax(logits)).toBe(measures.targetIndex);
    const levels = images.adversarial.data;
    const largest = data.reduce((most, v, i) => Math.max(most, Math.abs(v - levels[i])), 0);
    expect(measures.linf).toBeCloseTo(largest, 2);
  },
);

test("adversarial() of a linear network finds nearly the distance to its boundary", async () => {
  const weights = randomTensor([3 * SIDE * SIDE, 2], 5, 1);
  await using network = await open(linearNet(weights, [3, SIDE, SIDE]));
  const { logits } = await classScores(network, image.tensor);
  const parsed = adversarialOptions.parse({ target: "second", steps: 200 });
  const { measures } = await runMethod(adversarial, network, { image }, parsed, {});
  const across = weights.data.filter((_, i) => i % 2 === 0)
    .map((w, i) => (w - weights.data[2 * i + 1]) / 255);
  const norm = Math.sqrt(across.reduce((sum, w) => sum + w * w, 0));
  const boundary = Math.abs(logits[0] - logits[1]) / norm;
  expect(measures.isFooled).toBe(true);
  // Whole levels can lie on the near side of the boundary's foot, not nearer than it.
  expect(measures.l2).toBeGreaterThanOrEqual(boundary * 0.999);
  expect(measures.l2).toBeLessThan(boundary * 1.3);
});

test("adversarial() stops when told, and says so where it finds nothing", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(run({}, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
  const { measures } = await run({ target: "second", steps: 1 });
  expect(measures).toMatchObject({ isFooled: false, linf: 0 });
});

test("adversarial() refuses a class that the image is taken for, or that is not there", async () => {
  await using network = await open();
  const own = argmax((await classScores(network, image.tensor)).logits);
  await expect(run({ target: String(own) })).rejects.toThrow("takes the image for that already");
  await expect(run({ target: "2 - 1" })).rejects.toThrow(
    'Cannot fool the network into "2 - 1": it is a sum of classes, which an image cannot be taken',
  );
  await expect(run({ target: "relu2:1" })).rejects.toThrow("it is a unit, which an image cannot");
  await expect(run({ target: "99" })).rejects.toThrow("Cannot find the class 99");
});

test("adversarial() takes an input that is between levels", async () => {
  await using network = await open();
  const tensor = float32(
    image.tensor.data.map((value) => value + 0.3 / 255),
    image.tensor.dims,
  );
  const parsed = adversarialOptions.parse({ target: "second", steps: 40 });
  const { arrays } = await runMethod(
    adversarial,
    network,
    { image: { ...image, tensor } },
    parsed,
    {},
  );
  const levels = (arrays.image.data as Float32Array).map((value) => 255 * value);
  levels.forEach((level) => expect(level).toBeCloseTo(Math.round(level), 3));
});
