import { expect, test } from "vitest";
import { randomTensor } from "../../../tests/networks.ts";
import { energy } from "../../grad/mod.ts";
import { manifestFor } from "../../models/mod.ts";
import { openNetwork } from "../../network/open_network.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { type ActivationObjective, stepOf, tiledStepOf } from "./activation_objective.ts";
import { BlendedTiles, tileOf, tilingOf } from "./tiles.ts";

test("tilingOf() covers the image with tiles of one size that overlap", () => {
  expect(tilingOf(500, 600, 300_000)).toBeUndefined();
  const { rows, columns } = tilingOf(1500, 2000, 2 ** 20)!;
  for (const [{ extent, starts }, whole] of [[rows, 1500], [columns, 2000]] as const) {
    expect([starts[0], starts.at(-1)! + extent]).toEqual([0, whole]);
    for (let i = 1; i < starts.length; i++) {
      expect(starts[i - 1] + extent - starts[i]).toBeGreaterThanOrEqual(95);
    }
  }
  expect(rows.extent * columns.extent).toBeLessThanOrEqual(2 ** 20);
});

const tiling = { rows: { extent: 7, starts: [0, 3] }, columns: { extent: 5, starts: [0, 3, 6] } };

test("BlendedTiles puts the tiles of an image together as it was", () => {
  const image = randomTensor([1, 2, 10, 11], 1);
  const blended = new BlendedTiles(image.dims, tiling);
  for (const place of blended.places()) blended.add(place, tileOf(image, place, tiling).data);
  // Sums of a few weighted float32 numbers.
  blended.sum.forEach((value, i) => expect(value).toBeCloseTo(image.data[i], 5));
});

test("a step in tiles is the step of the whole where a position sees one pixel", async () => {
  const b = new ModelBuilder();
  const weights = b.constant(randomTensor([4, 3, 1, 1], 3), "w");
  b.output(b.op("Relu", [b.op("Conv", [b.input("x", ["N", 3, "H", "W"]), weights])], {}, "a"));
  const manifest = manifestFor({ path: "small.onnx", height: 10, width: 11 });
  const source = { manifest, bytes: encodeModel(b.build()) };
  await using network = await openNetwork(source, { backend: "wasm" });
  const objective: ActivationObjective = {
    quantity: "energy",
    layer: "a",
    objective: energy("a"),
    feeds: {},
  };
  const image = randomTensor([1, 3, 10, 11], 5);
  const whole = await stepOf(network, objective, image.dims)(image, 0.5, {});
  const tiled = await tiledStepOf(network, objective, image.dims, tiling)(image, 0.5, {});
  // float32 rounding in another order.
  tiled.next.data.forEach((value, i) => expect(value).toBeCloseTo(whole.next.data[i], 4));
});
