import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { encodePng } from "../../shared/image/mod.ts";
import { preprocessWhole } from "../../shared/models/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { decodeModel, encodeModel, GraphIndex, protoOf, tensorOf } from "../../shared/onnx/mod.ts";
import { ablateUnits } from "./ablate_units.ts";

const CHANNEL = 21;

/** Stripes, as large as glyphnet's input, so that it is put nowhere else. */
function stripes(side: number) {
  const data = new Uint8ClampedArray(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    data.set([i % 16 < 8 ? 250 : 20, Math.floor(i / side) % 24 < 12 ? 200 : 40, 90, 255], 4 * i);
  }
  return { width: side, height: side, data };
}

test("the fall of a class is that in the network whose kernel of the unit is zero", async () => {
  const source = await openModel("glyphnet");
  await using network = await openNetwork(source, { backend: "wasm" });
  const layer = network.resolveLayer("conv4");
  const { input } = network.manifest;
  const image = stripes(input.width);
  const found = await ablateUnits(network, layer, new Map([[CHANNEL, await encodePng(image)]]));

  const model = decodeModel(source.bytes);
  const [, weights, bias] = new GraphIndex(model.graph).producer(layer)!.input;
  const silenced = model.graph.initializer.map((proto) => {
    if (proto.name !== weights && proto.name !== bias) return proto;
    const { data, dims } = tensorOf(proto);
    const size = data.length / dims[0];
    const silent = (data as Float32Array).slice().fill(0, CHANNEL * size, (CHANNEL + 1) * size);
    return protoOf(proto.name!, float32(silent, dims));
  });
  const bytes = encodeModel({ ...model, graph: { ...model.graph, initializer: silenced } });
  await using without = await openNetwork({ ...source, bytes }, { backend: "wasm" });
  const seen = preprocessWhole(image, input);
  const [before, after] = [
    (await classScores(network, seen)).logits,
    (await classScores(without, seen)).logits,
  ];
  const falls = before.map((score, index) => score - after[index]);
  const mean = falls.reduce((sum, fall) => sum + fall, 0) / falls.length;
  const order = [...falls.keys()].sort((a, b) => falls[b] - falls[a]).slice(0, 3);
  const effects = found.get(CHANNEL)!;
  expect(effects.map(({ index }) => index)).toEqual(order);
  for (const { index, fall } of effects) {
    // Kept with three digits.
    expect(fall / (falls[index] - mean)).toBeCloseTo(1, 2);
  }
});
