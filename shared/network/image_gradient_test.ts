import { expect, test, vi } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, int64List, ModelBuilder } from "../onnx/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import {
  gradientModel,
  type GradientSpec,
  imageGradient,
  imageGradientAlone,
} from "./image_gradient.ts";
import type { Network } from "./network.ts";
import { openNetwork } from "./open_network.ts";
import { resolveScoreTarget } from "./resolve_score_target.ts";

const SIDE = 6;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const labels = ["mug", "bowl", "cup", "plate", "pan"];
const input = randomTensor([1, 3, SIDE, SIDE], 4);

const open = (bytes: Uint8Array) => openNetwork({ manifest, bytes, labels }, { backend: "wasm" });

/** The gradient by a model that is complete in itself, which central differences confirm elsewhere. */
async function expected(network: Network, spec: Parameters<typeof gradientModel>[1]) {
  const { model, objective, gradients } = gradientModel(network, spec);
  const name = gradients[network.inputName];
  const found = await network.evaluate(model, { [network.inputName]: input }, [objective, name]);
  return { value: Number(found[objective].data[0]), gradient: found[name].data as Float32Array };
}

const TARGETS = [
  ["cup", "logit"],
  ["cup", "log-probability"],
  ["cup - bowl + pan", "logit"],
  ["relu2:1", "logit"],
  ["relu2:1:2:3", "logit"],
] as const;

test.each(TARGETS)(
  "the gradient of %s (%s) is that of a model that has it built in",
  async (target, score) => {
    await using network = await open(convNet({ height: SIDE, width: SIDE }));
    const aim = await resolveScoreTarget(network, { target, input, score });
    const spec = { aim, rule: "guided" } as const;
    const wanted = await expected(network, spec);
    const found = await imageGradient(network, spec)(input, {});
    const size = Math.max(...wanted.gradient.map(Math.abs));
    // Sums in another order: some roundings of float32.
    expect(found.value).toBeCloseTo(wanted.value, 5);
    found.gradient.forEach((one, i) =>
      expect(Math.abs(one - wanted.gradient[i])).toBeLessThan(1e-5 * size)
    );
  },
);

/** x -> scores by a convolution that is rectified and averaged, as SqueezeNet's. */
function convolvedScores(): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  const maps = b.op("Relu", [b.op("Conv", [x, b.constant(randomTensor([4, 3, 3, 3], 1))])]);
  const scores = b.op("Conv", [maps, b.constant(randomTensor([5, 4, 1, 1], 2))]);
  const mean = b.op("GlobalAveragePool", [b.op("Relu", [scores])]);
  b.output(b.op("Flatten", [mean], {}, "scores"));
  return encodeModel(b.build());
}

test.each(["plain", "guided", "deconvnet"] as const)(
  "the %s gradient of a class goes through its own row of the weights",
  async (rule) => {
    await using network = await open(convolvedScores());
    const evaluate = vi.spyOn(network, "evaluate");
    for (const target of labels) {
      const aim = await resolveScoreTarget(network, { target, input });
      const wanted = await expected(network, { aim, rule });
      const found = await imageGradient(network, { aim, rule })(input, {});
      expect(evaluate.mock.lastCall![1]["gradient/class"].dims).toEqual([1]);
      const size = Math.max(...wanted.gradient.map(Math.abs));
      // The same products, in sums of another order.
      expect(found.value).toBeCloseTo(wanted.value, 5);
      found.gradient.forEach((one, i) =>
        expect(Math.abs(one - wanted.gradient[i])).toBeLessThanOrEqual(1e-5 * size)
      );
    }
  },
);

/** x -> layers whose batch is not that of the image, and with more axes than a map. */
function oddLayers(): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  const squares = b.op("Mul", [x, x], {}, "squares");
  const shape = (dims: readonly number[]) => b.constant(int64List(dims));
  b.op("Reshape", [squares, shape([2, 3, 18])], {}, "windows");
  b.op("Reshape", [squares, shape([1, 3, 4, 3, 3])], {}, "anchors");
  const mean = b.op("GlobalAveragePool", [squares]);
  b.output(b.op("Flatten", [mean], { axis: 1 }, "scores"));
  b.output("windows");
  b.output("anchors");
  return encodeModel(b.build());
}

test.each([
  ["windows", { channel: 1 }],
  ["anchors", { channel: 1 }],
  ["anchors", { channel: 1, row: 2, column: 1 }],
])("a unit of a layer of any shape is the one that the graph picks: %s %j", async (layer, at) => {
  await using network = await open(oddLayers());
  const score = { kind: "sum", terms: [{ weight: 1, at }] } as const;
  const aim = { spec: score, layer, label: layer, quantity: "activation" };
  const spec: GradientSpec = { aim, rule: "plain" };
  const wanted = await expected(network, spec);
  const found = await imageGradient(network, spec)(input, {});
  expect([...found.gradient]).toEqual([...wanted.gradient]);
  // The sum of up to 36 numbers in float32, in another order.
  expect(found.value).toBeCloseTo(wanted.value, 4);
  expect(await imageGradientAlone(network, spec)(input, {})).toEqual(found.gradient);
});

test("one model serves all classes, and is made once", async () => {
  await using network = await open(convNet({ height: SIDE, width: SIDE }));
  const evaluate = vi.spyOn(network, "evaluate");
  const gradients: string[] = [];
  for (const target of labels) {
    const aim = await resolveScoreTarget(network, { target, input });
    gradients.push(
      String((await imageGradient(network, { aim, rule: "plain" })(input, {})).gradient),
    );
  }
  const models = evaluate.mock.calls.map(([model]) => model).filter((model) => "key" in model);
  expect(models.length).toBe(labels.length);
  expect(new Set(models.map(({ key }) => key)).size).toBe(1);
  expect(new Set(gradients).size).toBe(labels.length);
});

test("a score that does not count may be infinite", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  const mean = b.op("Flatten", [b.op("GlobalAveragePool", [x])], { axis: 1 });
  const ruledOut = b.constant(float32(Float32Array.of(0, -Infinity, 0), [1, 3]));
  b.output(b.op("Add", [mean, ruledOut], {}, "scores"));
  await using network = await open(encodeModel(b.build()));
  const aim = await resolveScoreTarget(network, { target: "scores:2", input });
  const { value, gradient } = await imageGradient(network, { aim, rule: "plain" })(input, {});
  const plane = input.data.slice(2 * SIDE ** 2);
  // The mean of 36 numbers in float32.
  expect(value).toBeCloseTo(plane.reduce((sum, one) => sum + one, 0) / SIDE ** 2, 5);
  expect([...gradient.slice(0, 2 * SIDE ** 2)].every((one) => one === 0)).toBe(true);
  expect(gradient.at(-1)).toBeCloseTo(1 / SIDE ** 2, 6);
});
