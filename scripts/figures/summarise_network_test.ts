import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { decodeModel, GraphIndex, tensorOf } from "../../shared/onnx/mod.ts";
import { modelMirror, skipWithout } from "../../tests/data.ts";
import { summariseNetwork } from "./summarise_network.ts";

const UNITS = ["conv1", "conv2", "conv3", "conv4", "conv5"];

test("a network's layers are in order, with what each is made of", async () => {
  const { layers, labels, nearest } = await summariseNetwork("glyphnet", UNITS);
  expect(layers[0]).toMatchObject({ alias: "conv1", operator: "Conv", kernel: [9, 9] });
  expect(layers[0].parameters).toBe(layers[0].dims[1] * (3 * 81 + 1));
  expect(layers[0].links?.every((links) => links.length === 0), "reads from pixels").toBe(true);
  expect(nearest).toHaveLength(labels.length);
  for (const [index, near] of nearest.entries()) {
    expect(near.map((one) => one.index)).not.toContain(index);
    expect(near[0].cosine).toBeGreaterThanOrEqual(near[1].cosine);
  }
});

test("the strongest links are those of the kernels with the largest norms", async () => {
  const { layers } = await summariseNetwork("glyphnet", UNITS);
  const { bytes } = await openModel("glyphnet");
  const index = new GraphIndex(decodeModel(bytes).graph);
  const weights = tensorOf(index.initializers.get(index.producer("conv3")!.input[1])!);
  const [, inputs, rows, columns] = weights.dims;
  const norms = Array.from({ length: inputs }, (_, channel) => {
    const start = (7 * inputs + channel) * rows * columns;
    const kernel = (weights.data as Float32Array).subarray(start, start + rows * columns);
    return { channel, norm: Math.hypot(...kernel) };
  }).sort((a, b) => b.norm - a.norm);
  const links = layers.find(({ alias }) => alias === "conv3")!.links![7];
  expect(links.map(({ layer }) => layer)).toEqual(links.map(() => "conv2"));
  expect(links.map(({ channel }) => channel)).toEqual(
    norms.slice(0, links.length).map(({ channel }) => channel),
  );
  // Stored with four digits.
  links.forEach(({ weight }, i) => expect(Math.abs(weight) / norms[i].norm).toBeCloseTo(1, 3));
});

test.skipIf(skipWithout(modelMirror, "GoogLeNet"))(
  "links go through the branches of a Concat",
  async () => {
    const aliases = ["inception_3a", "inception_3b"];
    const { layers } = await summariseNetwork("googlenet-bvlc", aliases);
    const deeper = layers.find(({ alias }) => alias === "inception_3b");
    expect(deeper?.links).toHaveLength(480);
    expect(deeper?.links?.[0][0].layer).toBe("inception_3a");
  },
);

test.skipIf(skipWithout(modelMirror, "the weights of GoogLeNet"))(
  "the weights of all branches count, and those of a layer that is named by its activation",
  async () => {
    const { layers } = await summariseNetwork("googlenet-bvlc", []);
    expect(layers[0].parameters).toBe(64 * (3 * 49 + 1));
    // Published as 6,998,552 for the main branch.
    const sum = layers.reduce((total, { parameters }) => total + parameters, 0);
    expect(sum).toBe(6_998_552);
  },
);

test.skipIf(skipWithout(modelMirror, "MobileNetV2"))(
  "classes are near by the weights of a convolution that is flattened twice",
  async () => {
    const { nearest, labels } = await summariseNetwork("mobilenetv2-1.0-224", []);
    const nearTo = (label: string) =>
      nearest[labels.indexOf(label)].map(({ index }) => labels[index].split(", ")[0]);
    expect(nearTo("Siberian husky")).toContain("Eskimo dog");
  },
);
