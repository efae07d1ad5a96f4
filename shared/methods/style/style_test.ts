import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor, preprocess } from "../../models/mod.ts";
import { openNetwork } from "../../network/open_network.ts";
import { style } from "./mod.ts";
import { styleOptions } from "./options.ts";

const SIDE = 16;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });

const imageOf = (seed: number) => {
  const data = Uint8ClampedArray.from(
    randomTensor([SIDE, SIDE, 4], seed, 50).data,
    (value, i) => i % 4 === 3 ? 255 : 128 + value,
  );
  return preprocess({ width: SIDE, height: SIDE, data }, manifest.input);
};

const run = async (options: Record<string, unknown>, context = {}) => {
  const bytes = convNet({ height: SIDE, width: SIDE });
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  const inputs = { image: imageOf(1), guide: imageOf(2) };
  return await runMethod(style, network, inputs, styleOptions.parse(options), context);
};

interface Loss {
  layer: string;
  first: number;
  last: number;
}

test("style() lowers the distances of the style, and keeps the content near", async () => {
  const { measures, images, arrays } = await run({ weight: 100, steps: 60, tv: 0 });
  const styles = measures.styleLosses as unknown as Loss[];
  expect(styles.map(({ layer }) => layer)).toEqual(["conv1", "relu1", "conv2"]);
  for (const { first, last } of styles) expect(last).toBeLessThan(0.5 * first);
  const content = measures.contentLoss as unknown as Loss;
  expect(content.first).toBeCloseTo(0, 9);
  expect(content.last).toBeLessThan(1);
  expect(Object.keys(images)).toEqual(["style"]);
  expect(arrays.image.dims).toEqual([1, 3, SIDE, SIDE]);
});

test("style() without a weight of the style finds the content again from noise", async () => {
  const options = { weight: 0, tv: 0, start: "noise", content: "conv1", steps: 150 };
  const { measures } = await run(options);
  const { first, last } = measures.contentLoss as unknown as Loss;
  expect(first).toBeGreaterThan(0.5);
  expect(last).toBeLessThan(0.02);
});

test("style() measures the same losses as its objective is made of", async () => {
  const { measures } = await run({ weight: 2, tv: 0, steps: 1, start: "noise", seed: 3 });
  const styles = measures.styleLosses as unknown as Loss[];
  const mean = styles.reduce((sum, { last }) => sum + last, 0) / styles.length;
  const content = measures.contentLoss as unknown as Loss;
  const expected = content.last + 2 * mean;
  expect((measures.lastObjective as number) / expected).toBeCloseTo(1, 4);
});

test("style() stops when told", async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(run({}, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
});

test.each([
  [{ styles: "conv1,logits" }, 'Cannot take a style from "logits"'],
  [{ content: "conv7" }, 'Cannot find the layer "conv7"'],
])("style() refuses %j", async (options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});
