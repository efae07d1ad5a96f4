import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { corpusRef, openCorpus } from "./inputs.ts";
import { sceneExamples } from "./scene_examples.ts";

test("examples are the scenes with the largest activation anywhere, around its place", async () => {
  await using network = await openNetwork(await openModel("glyphnet"), { backend: "wasm" });
  const layer = network.resolveLayer("conv4");
  const scenes = await openCorpus(await corpusRef("drawings"), network);
  const examples = await sceneExamples(network, layer, scenes);
  // By brute force: the largest value of each channel in each scene.
  const peaks: { scene: string; values: number[]; places: number[][] }[] = [];
  for (let index = 0; index < scenes.count; index++) {
    const { tensor } = await scenes.read(index);
    const { [layer]: { data, dims } } = await network.forward(tensor, [layer]);
    const [, channels, rows, columns] = dims;
    const values: number[] = [];
    const places: number[][] = [];
    for (let channel = 0; channel < channels; channel++) {
      const map = (data as Float32Array).subarray(
        channel * rows * columns,
        (channel + 1) * rows * columns,
      );
      const at = map.indexOf(Math.max(...map));
      values.push(map[at]);
      places.push([Math.floor(at / columns) / (rows - 1), at % columns / (columns - 1)]);
    }
    peaks.push({ scene: scenes.nameOf(index), values, places });
  }
  for (const [channel, found] of examples.entries()) {
    const best = peaks
      .filter(({ values }) => values[channel] > 0)
      .sort((a, b) => b.values[channel] - a.values[channel]);
    expect(found.length).toBe(Math.min(4, best.length));
    for (const [rank, { scene, box: [left, top, width, height], activation }] of found.entries()) {
      // Kept with three digits, which scenes may share.
      expect(activation / best[rank].values[channel]).toBeCloseTo(1, 2);
      const { places } = peaks.find((one) => one.scene === scene)!;
      const [row, column] = places[channel];
      // The peak lies in what is shown, which near borders is moved inwards.
      expect(column).toBeGreaterThan(left - 0.1);
      expect(column).toBeLessThan(left + width + 0.1);
      expect(row).toBeGreaterThan(top - 0.1);
      expect(row).toBeLessThan(top + height + 0.1);
    }
  }
});
