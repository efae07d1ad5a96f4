import { runMethod } from "../../contract/run_method.ts";
import { expect, test } from "vitest";
import type { ImageLayer } from "../../figure/mod.ts";
import { convNet, randomTensor } from "../../../tests/networks.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { channelMaps } from "../../network/channel_maps.ts";
import { openNetwork } from "../../network/open_network.ts";
import { activations } from "./mod.ts";
import { activationsOptions } from "./options.ts";
import { activationFigure } from "./figures.ts";

const image = { width: 12, height: 12, data: new Uint8ClampedArray(576).fill(255) };
const input = { tensor: randomTensor([1, 3, 12, 12], 2), image };

const open = () =>
  openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height: 12, width: 12 }), bytes: convNet() },
    { backend: "wasm" },
  );

test("activations() are the runtime's tensor, with the strongest channels named", async () => {
  await using network = await open();
  const options = activationsOptions.parse({ layer: "relu2" });
  const { arrays, measures, figures } = await runMethod(
    activations,
    network,
    { image: input },
    options,
    {},
  );
  const { relu2 } = await network.forward(input.tensor, ["relu2"]);
  expect(arrays.activations).toEqual(relu2);
  const [{ channel, peak, row, column }] = measures.strongest as unknown as {
    channel: number;
    peak: number;
    row: number;
    column: number;
  }[];
  const data = relu2.data as Float32Array;
  expect(peak).toBe(data.reduce((a, b) => Math.max(a, b)));
  expect(data[channel * 144 + row * 12 + column]).toBe(peak);
  expect(figures.figure.panels[0].width).toBeGreaterThan(3 * 12);
});

test("activations() of a layer without positions, and of one that is no map", async () => {
  await using network = await open();
  const run = (layer: string) =>
    runMethod(activations, network, { image: input }, activationsOptions.parse({ layer }), {});
  expect((await run("logits")).arrays.activations.dims).toEqual([1, 5]);
  await expect(run("nothing")).rejects.toThrow('Cannot find the layer "nothing"');
  expect(() => channelMaps(float32(new Float32Array(6), [1, 2, 3]), "seq")).toThrow(
    'Cannot show "seq" by channel: its shape is [1,2,3]',
  );
});

test("activationFigure() gives each channel a range of its own, or one to all", () => {
  const maps = channelMaps(float32(Float32Array.of(0, 1, 0, 10), [1, 2, 1, 2]), "l");
  const colorsAndScale = (range: "channel" | "layer") => {
    const { panels: [{ layers: [layer], scale }] } = activationFigure(maps, "l", { range });
    const { image: { data } } = layer as ImageLayer;
    const colors = new Set(new Uint32Array(data.buffer)).size;
    return { colors, range: scale?.range };
  };
  // White between the maps, and the colours of 0, 1 and 10.
  expect(colorsAndScale("channel")).toEqual({ colors: 3, range: undefined });
  expect(colorsAndScale("layer")).toEqual({ colors: 4, range: { min: 0, max: 10 } });
});

test("activations() refuses a layer whose activations are no numbers", async () => {
  const manifest = manifestFor({ path: "small.onnx", height: 12, width: 12 });
  const bytes = convNet({ firstWeight: NaN });
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  const options = activationsOptions.parse({ layer: "conv1" });
  await expect(runMethod(activations, network, { image: input }, options, {})).rejects.toThrow(
    'Cannot show "conv1": channel 0 has the value NaN, expected finite numbers',
  );
});
