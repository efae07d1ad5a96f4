import { expect, test } from "vitest";
import { inputOf, openSmall } from "../../../tests/open_small.ts";
import { convNet } from "../../../tests/networks.ts";
import { VIT, vitNet } from "../../../tests/transformers.ts";
import { runMethod } from "../../contract/run_method.ts";
import { randomLayers, withRandomLayers } from "../../evaluation/randomise.ts";
import { spearman } from "../../metrics/mod.ts";
import type { Network } from "../../network/network.ts";
import { encodeModel } from "../../onnx/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { cam, camOptions } from "./mod.ts";

const run = (network: Network, options: Record<string, unknown>) =>
  runMethod(cam, network, { image: inputOf(network) }, camOptions.parse(options), {});

interface Stage {
  readonly layer: string;
  readonly layers: number;
  readonly values: number;
  readonly sizes: number;
}

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);
const evidence = (values: readonly number[]) => values.map((value) => Math.max(0, value));

test.each([
  { name: "convolutions", bytes: convNet(), height: 12, width: 12, layer: "relu1" },
  { name: "tokens", bytes: vitNet(), height: VIT.height, width: VIT.width, layer: "block0.out" },
])("each stage is the map of a network with such weights: $name", async (one) => {
  const { bytes, height, width, layer } = one;
  await using network = await openSmall(bytes, height, width);
  const options = { target: "3", layer, method: "gradcam" };
  const { arrays, measures, figures } = await run(network, { ...options, sanity: true, seed: 2 });
  const stages = measures.sanity as unknown as Stage[];
  const all = await randomLayers(network, "logits", 2, {});
  expect(stages.at(-1)!.layers).toBe(all.length);
  for (const { layers, layer, values, sizes } of stages) {
    expect(layer).toBe(all[layers - 1].layer);
    const changed = withRandomLayers(network.file, all.slice(0, layers));
    await using other = await openSmall(encodeModel(changed), height, width);
    const map = numbers((await run(other, options)).arrays.cam);
    const real = numbers(arrays.cam);
    expect(values).toBeCloseTo(spearman(real, map), 5);
    expect(sizes).toBeCloseTo(spearman(evidence(real), evidence(map)), 5);
  }
  expect(figures.sanity.panels).toHaveLength(1 + stages.length);
  expect(figures.sanity.title).toBe("Sanity check of Grad-CAM");
});

test("the sanity check refuses scorecam", async () => {
  await using network = await openSmall(convNet(), 12, 12);
  await expect(run(network, { method: "scorecam", sanity: true, channels: 2 })).rejects.toThrow(
    "Cannot randomise weights of scorecam",
  );
});

test("with an evaluation, there are curves beside the map", async () => {
  await using network = await openSmall(convNet(), 12, 12);
  const { figures, measures } = await run(network, { target: "3", evaluate: true });
  expect(Object.keys(figures)).toEqual(["figure", "evaluation"]);
  expect(measures.deletion).toBeGreaterThan(0);
  expect(measures.insertion).toBeLessThan(1);
});
