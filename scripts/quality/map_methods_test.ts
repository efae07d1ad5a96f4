import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { openModel } from "../../models/mod.ts";
import { manifestFor } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { MAP_METHODS } from "./map_methods.ts";
import { scenesFor } from "./scenes_for.ts";

const SIDE = 12;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const image = { width: SIDE, height: SIDE, data: new Uint8ClampedArray(4 * SIDE * SIDE) };

test("every method gives a number for each pixel, and no two of them the same ones", async () => {
  await using network = await openNetwork(await openModel("glyphnet"), { backend: "wasm" });
  const [, , height, width] = network.inputDims;
  const { value: scene } = await scenesFor(network, 1).next();
  const { input, main: { classIndex } } = scene!;
  const seen = new Set<string>();
  for (const { map } of MAP_METHODS) {
    const grid = await map({ network, input, classIndex });
    expect([grid.width, grid.height, grid.values.length]).toEqual([width, height, width * height]);
    expect(Array.from(grid.values).every(Number.isFinite)).toBe(true);
    seen.add(Array.from(grid.values).join());
  }
  expect(seen.size).toBe(MAP_METHODS.length);
});

test("the centre's largest value is in the middle", async () => {
  await using network = await openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });
  const input = { tensor: randomTensor([1, 3, 5, 7], 2), image };
  const { values } = await MAP_METHODS[0].map({ network, input, classIndex: 0 });
  expect(Array.from(values).indexOf(0)).toBe(2 * 7 + 3);
});

test("scenesFor() refuses a network that does not know the glyphs", async () => {
  await using network = await openNetwork({ manifest, bytes: convNet() }, { backend: "wasm" });
  await expect(scenesFor(network, 1).next()).rejects.toThrow(
    "Cannot measure small on glyphs: it has 5 classes and an input of 12 x 12, expected 64",
  );
});
