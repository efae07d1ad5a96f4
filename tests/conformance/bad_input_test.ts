/** What attribution methods say where a map would be empty or not to be trusted. */
import { describe, expect, test } from "vitest";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { deprocess, manifestFor } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { convNet, randomTensor } from "../networks.ts";

const SIDE = 12;
const CHANNELS = 4;
const IMAGE = [1, 3, SIDE, SIDE];

/** Every attribution method, with options that make it quick. */
const METHODS = {
  "cam": {},
  "gradient": {},
  "integrated-gradients": { steps: "4" },
  "lrp": {},
  "occlusion": { window: "4", stride: "4" },
  "segment": { views: "1" },
} as const;
type MethodId = keyof typeof METHODS;
const IDS = Object.keys(METHODS) as MethodId[];

const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const open = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });
const seen = randomTensor(IMAGE, 7, 0.5);

async function run(
  network: Network,
  id: MethodId,
  options: Readonly<Record<string, string>>,
  tensor: Tensor<"float32"> = seen,
) {
  const method = await loadMethod(id);
  const parsed = parseOptions(method.options, { ...METHODS[id], ...options });
  const image = { tensor, image: deprocess(seen, manifest.input) };
  return await runMethod(method, network, { image }, parsed, {});
}

/** x -> conv -> relu -> what is filled in. */
function network(fill: (b: ModelBuilder, features: string) => void): Uint8Array<ArrayBuffer> {
  const b = new ModelBuilder();
  const x = b.input("x", IMAGE);
  const weights = b.constant(randomTensor([CHANNELS, 3, 3, 3], 1, 0.4), "w");
  const bias = b.constant(float32(new Float32Array(CHANNELS).fill(0.1), [CHANNELS]), "shift");
  const conv = b.op("Conv", [x, weights, bias], { pads: [1, 1, 1, 1] }, "conv");
  fill(b, b.op("Relu", [conv], {}, "relu"));
  return encodeModel(b.build());
}

/** A global average and three scores. */
function scores(b: ModelBuilder, features: string, weights: Tensor<"float32">, name: string) {
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
  return b.op("Gemm", [flat, b.constant(weights, "head")], {}, name);
}

const HEAD = [CHANNELS, 3];
const scalar = (b: ModelBuilder, value: number) => b.constant(float32(Float32Array.of(value), []));

/** Scores so large that a squashing operator is flat there. */
const saturated = (squash: (b: ModelBuilder, raw: string) => void) =>
  network((b, features) => squash(b, scores(b, features, randomTensor(HEAD, 2, 1e6), "raw")));

const clipped = saturated((b, raw) =>
  b.output(b.op("Clip", [raw, scalar(b, -1), scalar(b, 1)], {}, "logits"))
);
const squashed = saturated((b, raw) => b.output(b.op("Tanh", [raw], {}, "logits")));
const sure = saturated((b, raw) => b.output(b.op("Softmax", [raw], { axis: 1 }, "prob")));
const dead = network((b, features) => {
  const below = b.op("Relu", [b.op("Neg", [features])], {}, "dead");
  b.output(scores(b, below, randomTensor(HEAD, 2), "logits"));
});
const counted = network((b, features) => {
  const raw = scores(b, features, randomTensor(HEAD, 2), "raw");
  b.output(b.op("Cast", [b.op("Greater", [raw, scalar(b, 0)])], { to: 1 }, "logits"));
});
function brokenHead(value: number): Uint8Array<ArrayBuffer> {
  const weights = randomTensor(HEAD, 2);
  weights.data[1] = value;
  return network((b, features) => b.output(scores(b, features, weights, "logits")));
}

const ruledOut = network((b, features) => {
  const raw = scores(b, features, randomTensor(HEAD, 2), "raw");
  const mask = b.constant(float32(Float32Array.of(0, -Infinity, 0), [3]), "mask");
  b.output(b.op("Add", [raw, mask], {}, "logits"));
});

function withPixel(value: number): Tensor<"float32"> {
  const data = seen.data.slice();
  data[77] = value;
  return float32(data, IMAGE);
}

interface Case {
  readonly bytes: Uint8Array;
  readonly options: Readonly<Record<string, string>>;
  readonly tensor?: Tensor<"float32">;
  /** What the methods say, where it is not the same of all; null where there is a map to show. */
  readonly of?: Readonly<Partial<Record<MethodId, RegExp | null>>>;
  readonly says: RegExp | null;
}

const FLAT = /the gradient of its \w+ by .* is 0 everywhere, expected one that is not: .*saturated/;
const SAME = /its \w+ is the same wherever the occluder stands.* saturated/;
const NOT_FINITE = /(NaN|Infinity|non-finite).*(non-finite|too large)|expected a finite number/;

const clean = convNet({ height: SIDE, width: SIDE });

// Relevance passes through a squashing operator as through a rectifier: it has a map.
const SATURATED = { says: FLAT, of: { occlusion: SAME, lrp: null } };

const CASES: Readonly<Record<string, Case>> = {
  "clipped scores": { bytes: clipped, options: {}, ...SATURATED },
  "squashed scores": { bytes: squashed, options: {}, ...SATURATED },
  "a sure probability": {
    bytes: sure,
    options: { target: "prob:0" },
    says: FLAT,
    of: { occlusion: SAME, lrp: /no relevance rule for Softmax/ },
  },
  "dead rectifiers": {
    bytes: dead,
    options: {},
    says: FLAT,
    of: {
      cam: /its map of "dead" is 0 everywhere.*all activations of the layer are 0/,
      occlusion: SAME,
      lrp: /its logit is 0/,
    },
  },
  "scores that are counted": {
    bytes: counted,
    options: { target: "0" },
    says: /does not depend on/,
    of: { occlusion: SAME },
  },
  "NaN in the first layer": {
    bytes: convNet({ height: SIDE, width: SIDE, firstWeight: NaN }),
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "Infinity in the first layer": {
    bytes: convNet({ height: SIDE, width: SIDE, firstWeight: Infinity }),
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "too large a weight": {
    bytes: convNet({ height: SIDE, width: SIDE, firstWeight: 3e38 }),
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "NaN in the classifier": {
    bytes: brokenHead(NaN),
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "NaN in the classifier, for another class": {
    bytes: brokenHead(NaN),
    options: { target: "0" },
    says: NOT_FINITE,
  },
  "a class of -Infinity": {
    bytes: brokenHead(-Infinity),
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "a class beside one that is ruled out": {
    bytes: ruledOut,
    options: { target: "2" },
    says: null,
  },
  "a class that is ruled out": {
    bytes: ruledOut,
    options: { target: "1" },
    says: NOT_FINITE,
  },
  "NaN in the classifier, for a unit of it": {
    bytes: brokenHead(NaN),
    options: { target: "logits:1" },
    says: NOT_FINITE,
  },
  "NaN in the image": {
    bytes: clean,
    options: { target: "1" },
    tensor: withPixel(NaN),
    says: NOT_FINITE,
  },
  "NaN in the image, for a unit": {
    bytes: clean,
    options: { target: "relu2:1" },
    tensor: withPixel(NaN),
    says: NOT_FINITE,
  },
  "Infinity in the image": {
    bytes: clean,
    options: { target: "1" },
    tensor: withPixel(Infinity),
    says: NOT_FINITE,
  },
  "a unit of weights": {
    bytes: clean,
    options: { target: "w1:1" },
    says: /it does not depend on the image|Cannot find the layer "w1"/,
  },
};

const table = Object.entries(CASES).flatMap(([name, { says, of, ...given }]) =>
  IDS.map((id) => ({ name, id, ...given, says: of?.[id] === undefined ? says : of[id] }))
);

test.each(table)("$id of $name", async ({ id, bytes, options, tensor, says }) => {
  await using opened = await open(bytes);
  const made = run(opened, id, options, tensor);
  if (says === null) {
    const [{ data }] = Object.values((await made).arrays);
    return expect((data as Float32Array).some((value) => value !== 0)).toBe(true);
  }
  await expect(made).rejects.toMatchObject({ kind: expect.stringMatching(/^(invalid|unsupp)/) });
  await expect(made).rejects.toThrow(says);
});

describe("batch normalization in training mode", () => {
  const normalized = (training: number) =>
    network((b, features) => {
      const stored = [0.5, 0.2, 0.3, 2].map((value, i) =>
        b.constant(float32(new Float32Array(CHANNELS).fill(value), [CHANNELS]), `bn${i}`)
      );
      const names = training === 0 ? ["made"] : ["made", "mean2", "variance2"];
      const attributes = { training_mode: training };
      const [made] = b.ops("BatchNormalization", [features, ...stored], attributes, names);
      b.output(scores(b, made, randomTensor(HEAD, 2), "logits"));
    });

  test.each(IDS)("%s is as of the network in use, and it is told", async (id) => {
    await using trained = await open(normalized(1));
    await using used = await open(normalized(0));
    expect(trained.notes.join()).toContain("takes its stored mean and variance");
    expect((await run(trained, id, {})).arrays).toEqual((await run(used, id, {})).arrays);
  });
});

const branched = network((b, features) => {
  b.output(b.op("Sigmoid", [features], {}, "beside"));
  const pooled = b.op("GlobalAveragePool", [features], {}, "pooled");
  const weights = b.constant(randomTensor(HEAD, 2), "head");
  b.output(b.op("Gemm", [b.op("Flatten", [pooled], {}, "flat"), weights], {}, "logits"));
  const ignored = b.op("Mul", [b.op("Tanh", [features], {}, "ignored"), scalar(b, 0)]);
  b.output(b.op("Add", [b.op("Relu", [features], {}, "behind"), ignored], {}, "sum"));
});

test.each<[id: MethodId, options: Record<string, string>, says: RegExp]>([
  ["cam", { layer: "flat" }, /Cannot map "flat": its shape is \[1,4\], expected \[1, channels/],
  ["cam", { layer: "logits" }, /Cannot map "logits": its shape is \[1,3\]/],
  ["cam", { layer: "pooled" }, /Cannot map "pooled": its shape is \[1,4,1,1\].* more than one pos/],
  ["cam", { layer: "beside" }, /Cannot map "beside": the scores do not depend on it/],
  ["cam", { layer: "beside", method: "scorecam" }, /Cannot map "beside": the scores do not depend/],
  ["cam", { layer: "behind", target: "relu:1" }, /Cannot map "behind": the scores do not depend/],
  ["cam", { layer: "relu", target: "relu:1" }, /Cannot map "relu": the scores do not depend on it/],
  ["cam", { layer: "ignored", target: "sum:1" }, /by "ignored" is 0 everywhere/],
  ["lrp", { layer: "beside" }, /"beside": .*does not depend on it/],
  ["lrp", { layer: "behind", target: "relu:1" }, /"behind": .*does not depend on it/],
])("%s with %o", async (id, options, says) => {
  await using opened = await open(branched);
  await expect(run(opened, id, options)).rejects.toThrow(says);
});

test("scorecam of scores that no channel changes", async () => {
  await using opened = await open(clipped);
  await expect(run(opened, "cam", { method: "scorecam" })).rejects.toThrow(
    /its logit is -?1 whichever channel is left, expected one that differs: it is saturated/,
  );
});

test("layercam of a class that every activation counts against", async () => {
  const against = float32(new Float32Array(CHANNELS * 3).fill(-1), HEAD);
  await using opened = await open(network((b, x) => b.output(scores(b, x, against, "logits"))));
  await expect(run(opened, "cam", { method: "layercam" })).rejects.toThrow(
    /its map of "relu" is 0 everywhere.*by layercam, nothing there supports the score/,
  );
});

test("integrated gradients of an image that is its baseline", async () => {
  await using opened = await open(
    network((b, x) => b.output(scores(b, x, randomTensor(HEAD, 2), "logits"))),
  );
  const even = float32(new Float32Array(3 * SIDE * SIDE), IMAGE);
  await expect(run(opened, "integrated-gradients", {}, even)).rejects.toThrow(
    /the image is as the zero baseline, expected one that differs/,
  );
});

test.each([{ target: "1" }, { target: "logits:1" }])(
  "occlusion of a score that is not finite once the image is covered: %o",
  async (options) => {
    // Without an image, the features are the bias of the convolution, 0.1.
    await using opened = await open(network((b, features) => {
      const far = b.op("Abs", [b.op("Sub", [features, scalar(b, 0.1)])]);
      b.output(b.op("Log", [b.op("Flatten", [b.op("GlobalAveragePool", [far])])], {}, "logits"));
    }));
    const whole = { window: `${SIDE}`, stride: `${SIDE}`, fill: "zero", ...options };
    await expect(run(opened, "occlusion", whole)).rejects.toThrow(
      /is -Infinity with the occluder at position 0, expected a finite number/,
    );
  },
);
