import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { decodeModel, encodeModel, float, ModelBuilder } from "../onnx/mod.ts";
import { BackendMismatchError, openSession } from "../runtime/mod.ts";
import { openNetwork } from "./open_network.ts";
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

test.each(
  [
    ["the usual one", { size: 5, alpha: float(1e-2), bias: float(2) }],
    ["a single channel", { size: 1, alpha: float(1) }],
    ["another exponent", { size: 3, alpha: float(1), beta: float(0.5) }],
  ] as const,
)("a session of LRN computes what ONNX Runtime's operator does: %s", async (_, attributes) => {
  const b = new ModelBuilder({ opset: 9 });
  const dims = [2, 6, 5, 7];
  b.output(b.op("LRN", [b.input("x", dims)], attributes), "float32", dims);
  const model = b.build();
  const { session } = await openModelSession(model, "wasm");
  await using rewritten = session;
  await using own = await openSession(encodeModel(model), { backend: "wasm" });
  const feeds = { x: randomTensor(dims, 3) };
  const [[found], [expected]] = [await rewritten.run(feeds), await own.run(feeds)].map((results) =>
    Object.values(results).map(({ data }) => data as Float32Array)
  );
  // Two roots instead of a power: some units in the last place.
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5);
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1);
});
