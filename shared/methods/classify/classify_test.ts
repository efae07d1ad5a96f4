import { expect, test } from "vitest";
import type { BarsLayer } from "../../figure/mod.ts";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { contextOf, runMethod } from "../../contract/run_method.ts";
import type { MethodInput } from "../../contract/method.ts";
import { manifestFor } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork } from "../../network/open_network.ts";
import { encodeModel } from "../../onnx/mod.ts";
import { openSession } from "../../runtime/mod.ts";
import { classify, classifyOptions } from "./mod.ts";

const SIDE = 12;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const input: MethodInput = {
  tensor: randomTensor([1, 3, SIDE, SIDE], 4),
  image: { width: SIDE, height: SIDE, data: new Uint8ClampedArray(SIDE * SIDE * 4).fill(200) },
};
const labels = ["ant", "bee", "cat", "dog", "eel"];

const open = (options = {}) =>
  openNetwork({ manifest, bytes: convNet(options), labels }, { backend: "wasm" });

const run = (network: Network, top?: number) =>
  runMethod(classify, network, { image: input }, classifyOptions.parse({ top }));

interface Ranked {
  readonly index: number;
  readonly label: string;
  readonly probability: number;
  readonly logit: number;
}

test.each([true, false])(
  "classes are ranked by probability, with a softmax: %s",
  async (softmax) => {
    await using network = await open({ softmax });
    const { arrays, measures } = await run(network);
    const { logits } = await network.forward(input.tensor, ["logits"]);
    const scores = Array.from(logits.data as Float32Array);
    const sum = scores.reduce((total, value) => total + Math.exp(value), 0);
    const expected = scores
      .map((logit, index) => ({
        index,
        label: labels[index],
        logit,
        probability: Math.exp(logit) / sum,
      }))
      .toSorted((a, b) => b.logit - a.logit);
    const classes = measures.classes as unknown as Ranked[];
    expect(classes.map(({ index, label }) => ({ index, label }))).toEqual(
      expected.map(({ index, label }) => ({ index, label })),
    );
    classes.forEach(({ probability, logit }, i) => {
      expect(probability).toBeCloseTo(expected[i].probability, 5);
      expect(logit).toBe(expected[i].logit);
    });
    expect(Array.from(arrays.logits.data as Float32Array)).toEqual(scores);
    expect(arrays.probabilities.dims).toEqual([5]);
  },
);

test("top limits the classes, and more than there are is all of them", async () => {
  await using network = await open();
  for (const [top, count] of [[2, 2], [1000, 5]]) {
    expect((await run(network, top)).measures.classes).toHaveLength(count);
  }
});

test("the longest bar is as long as its probability", async () => {
  await using network = await open();
  const { figures, measures } = await run(network, 1);
  const [{ probability }] = measures.classes as unknown as Ranked[];
  const [, { layers: [layer] }] = figures.figure.panels;
  expect((layer as BarsLayer).bars[0].share).toBe(probability);
});

test("classify emits a model of the scores", async () => {
  await using network = await open();
  const options = classifyOptions.parse({});
  const model = await classify.emit!(contextOf(network), { image: input }, options);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: input.tensor });
  const { arrays } = await run(network);
  expect(results.prob.data).toEqual(arrays.probabilities.data);
});

test("scores that are not finite are refused", async () => {
  await using network = await open({ firstWeight: NaN });
  await expect(run(network)).rejects.toMatchObject({ kind: "invalid-options" });
});
