import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { decodeModel, ModelBuilder } from "../onnx/mod.ts";
import { BackendMismatchError, openSession } from "../runtime/mod.ts";
import { openNetwork } from "./network.ts";
import { openModelSession } from "./open_session.ts";
import { skippedOnWebGpu } from "../../tests/other_backends.ts";

const skip = await skippedOnWebGpu("derived models on WebGPU");

test.skipIf(skip)(
  "a derived model that WebGPU gets wrong is refused at its first run",
  async () => {
    const source = {
      manifest: manifestFor({ path: "small.onnx", height: 12, width: 12 }),
      bytes: convNet(),
    };
    await using network = await openNetwork(source, { backend: "webgpu" });
    const b = new ModelBuilder();
    const x = b.input("x", [1, 64, 6, 6]);
    // 9 output channels a group: not a multiple of 4, which the provider computes silently wrong.
    const weights = b.constant(randomTensor([64 * 9, 1, 3, 3], 1));
    b.output(b.op("Conv", [x, weights], { group: 64, pads: [1, 1, 1, 1] }, "y"));
    const feeds = { x: randomTensor([1, 64, 6, 6], 2) };
    const run = network.evaluate(b.build(), feeds, ["y"]);
    await expect(run).rejects.toThrow(BackendMismatchError);
    await expect(run).rejects.toThrow('its tensor "y" differs');
  },
);

test("a session with its weights beside the file computes the same, to the last bit", async () => {
  const file = new URL("../../models/glyphnet/model.onnx", import.meta.url);
  const bytes = new Uint8Array(await readFile(file));
  const { session: split, bytes: held } = await openModelSession(decodeModel(bytes), "wasm");
  await using _split = split;
  await using whole = await openSession(bytes, { backend: "wasm" });
  const [{ name, dims }] = whole.inputs;
  const feeds = { [name]: randomTensor(dims.map((extent) => Number(extent) || 1), 1) };
  expect(await split.run(feeds)).toEqual(await whole.run(feeds));
  // The declarations of external data are all that is more.
  expect(held / bytes.length).toBeCloseTo(1, 1);
});
