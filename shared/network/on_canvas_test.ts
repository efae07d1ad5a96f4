import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { openNetwork } from "./open_network.ts";
import { onCanvas } from "./on_canvas.ts";

const open = (bytes: Uint8Array<ArrayBuffer>, side: number) =>
  openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height: side, width: side }), bytes },
    { backend: "wasm" },
  );

test("a unit in the middle of a canvas is the one that sees the same pixels of the whole", async () => {
  await using network = await open(convNet({ height: 20, width: 20 }), 20);
  const image = randomTensor([1, 3, 20, 20], 5);
  const { conv2: whole } = await network.forward(image, ["conv2"]);
  const cut = onCanvas(network, "conv2", { height: 7, width: 9 });
  expect(cut.inputDims).toEqual([1, 3, 7, 9]);
  expect(cut.manifest.input).toMatchObject({ height: 7, width: 9 });
  expect(cut.facts.get("conv2")!.dims).toEqual([1, 8, 7, 9]);
  // The canvas is the part of the image that begins at row 4, column 6.
  const part = Float32Array.from({ length: 3 * 7 * 9 }, (_, i) => {
    const [plane, row, column] = [Math.floor(i / 63), Math.floor(i / 9) % 7, i % 9];
    return image.data[(plane * 20 + 4 + row) * 20 + 6 + column];
  });
  const feeds = { [cut.inputName]: float32(part, cut.inputDims) };
  const { conv2 } = await cut.evaluate(cut.model, feeds, ["conv2"]);
  // Two convolutions of 3 x 3 see 5 x 5 pixels: at row 3, column 4 nothing of the padding.
  for (let channel = 0; channel < 8; channel++) {
    const here = conv2.data[(channel * 7 + 3) * 9 + 4] as number;
    // Sums of 72 products in another order.
    expect(here).toBeCloseTo(whole.data[(channel * 20 + 7) * 20 + 10] as number, 5);
  }
});

test("what is behind the layer is left out", async () => {
  await using network = await open(convNet(), 12);
  const { model } = onCanvas(network, "relu1", { height: 6, width: 6 });
  expect(model.graph.node.map(({ output }) => output[0])).toEqual(["conv1", "relu1"]);
  expect(model.graph.output.map(({ name }) => name)).toEqual(["relu1"]);
});

test("a layer that is no map is refused", async () => {
  await using network = await open(linearNet(randomTensor([3 * 4 * 4, 5], 1), [3, 4, 4]), 4);
  expect(() => onCanvas(network, "logits", { height: 3, width: 3 })).toThrow(
    'Cannot compute "logits" of small for an input of 3 x 3: it is no map',
  );
});
