import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { classScores } from "./class_scores.ts";
import { openNetwork } from "./open_network.ts";

const CLASSES = 4;
const manifest = manifestFor({ path: "tail", height: 6, width: 6 });
const x = randomTensor([1, 3, 6, 6], 5);

/** What a tail that `build` adds to logits [1, 4] is taken for, and its own output for `x`. */
async function taken(build: (b: ModelBuilder, logits: string, other: string) => string) {
  const b = new ModelBuilder();
  const flat = b.op("Flatten", [b.input("x", ["N", 3, 6, 6])]);
  const scores = (seed: number, name: string) =>
    b.op("MatMul", [flat, b.constant(randomTensor([108, CLASSES], seed, 0.2))], {}, name);
  b.output(b.op("Identity", [build(b, scores(1, "logits"), scores(2, "other"))], {}, "out"));
  await using network = await openNetwork({ manifest, bytes: encodeModel(b.build()) }, {
    backend: "wasm",
  });
  const { out } = await network.forward(x, ["out"]);
  const { logitsTensor, scoreLink } = network;
  const { probabilities } = await classScores(network, x);
  return { logits: logitsTensor, link: scoreLink, probabilities, out: out.data as Float32Array };
}

const scalar = (b: ModelBuilder, value: number) => b.constant(float32(Float32Array.of(value), []));
const axes = (b: ModelBuilder, ...values: number[]) =>
  b.constant({ type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) });

/** ReduceMax, Sub, Exp, ReduceSum, Div. */
function spelled(b: ModelBuilder, logits: string): string {
  const shifted = b.op("Sub", [logits, b.op("ReduceMax", [logits, axes(b, 1)])]);
  const powers = b.op("Exp", [shifted]);
  return b.op("Div", [powers, b.op("ReduceSum", [powers, axes(b, 1)])]);
}

const softmax = (b: ModelBuilder, logits: string) => b.op("Softmax", [logits], { axis: 1 });

/** Divided by its sum, which is 1 already. */
const renormalised = (b: ModelBuilder, row: string) =>
  b.op("Div", [row, b.op("ReduceSum", [row, axes(b, 1)])]);

test.each<[string, string, string, Parameters<typeof taken>[0]]>([
  ["spelled out", "logits", "softmax", spelled],
  ["without the shift", "logits", "softmax", (b, row) => renormalised(b, b.op("Exp", [row]))],
  ["by its logarithm", "logits", "softmax", (b, row) => {
    const all = b.op("ReduceLogSumExp", [row, axes(b, 1)]);
    return b.op("Exp", [b.op("Sub", [row, all])]);
  }],
  ["clipped", "logits", "softmax", (b, row) => {
    return b.op("Clip", [softmax(b, row), scalar(b, 1e-7), scalar(b, 1)]);
  }],
  ["renormalised", "logits", "softmax", (b, row) => renormalised(b, softmax(b, row))],
  ["the mean of two", "out", "none", (b, row, other) => {
    return b.op("Mean", [softmax(b, row), softmax(b, other)]);
  }],
  ["all classes but the first", "out", "none", (b, row) => {
    return b.op("Slice", [softmax(b, row), axes(b, 1), axes(b, 9), axes(b, 1)]);
  }],
  ["of powers of 2", "out", "none", (b, row) => {
    return renormalised(b, b.op("Pow", [scalar(b, 2), row]));
  }],
  ["of rectified scores", "out", "none", (b, row) => {
    return renormalised(b, b.op("Add", [b.op("Relu", [row]), scalar(b, 1e-3)]));
  }],
  ["a hard sigmoid", "out", "none", (b, row) => b.op("HardSigmoid", [row])],
  ["a sigmoid spelled out", "logits", "sigmoid", (b, row) => {
    const power = b.op("Exp", [b.op("Neg", [row])]);
    return b.op("Reciprocal", [b.op("Add", [power, scalar(b, 1)])]);
  }],
  ["a sigmoid by its tangent", "logits", "sigmoid", (b, row) => {
    const half = b.op("Tanh", [b.op("Mul", [row, scalar(b, 0.5)])]);
    return b.op("Mul", [b.op("Add", [half, scalar(b, 1)]), scalar(b, 0.5)]);
  }],
])("a softmax or sigmoid gives its own probabilities: %s", async (_, logits, link, build) => {
  const found = await taken(build);
  expect([found.logits, found.link]).toEqual([logits, link]);
  expect([...found.probabilities]).toEqual([...found.out]);
});

test("probabilities in per cent are divided by 100", async () => {
  const found = await taken((b, row) => b.op("Mul", [softmax(b, row), scalar(b, 100)]));
  expect([found.logits, found.link]).toEqual(["logits", "softmax"]);
  found.probabilities.forEach((p, i) => expect(p).toBeCloseTo(found.out[i] / 100, 6));
});

/** x - max - log sum exp(x - max) */
function logSoftmax(b: ModelBuilder, row: string): string {
  const shifted = b.op("Sub", [row, b.op("ReduceMax", [row, axes(b, 1)])]);
  const powers = b.op("ReduceSum", [b.op("Exp", [shifted]), axes(b, 1)]);
  return b.op("Sub", [shifted, b.op("Log", [powers])]);
}

test.each<[string, string, 1 | -1, Parameters<typeof taken>[0]]>([
  ["of a softmax", "softmax", 1, (b, row) => b.op("Log", [spelled(b, row)])],
  ["written by hand", "softmax", 1, logSoftmax],
  ["by one operator", "softmax", 1, (b, row) => {
    return b.op("Sub", [row, b.op("ReduceLogSumExp", [row, axes(b, 1)])]);
  }],
  ["as a loss", "softmax", -1, (b, row) => b.op("Neg", [logSoftmax(b, row)])],
  ["of a sigmoid", "sigmoid", 1, (b, row) => b.op("Log", [b.op("Sigmoid", [row])])],
  ["of a sigmoid, by its softplus", "sigmoid", 1, (b, row) => {
    return b.op("Neg", [b.op("Softplus", [b.op("Neg", [row])])]);
  }],
])("logarithms of probabilities are traced to the scores before them: %s", async (...row) => {
  const [, link, sign, build] = row;
  const found = await taken(build);
  expect([found.logits, found.link]).toEqual(["logits", link]);
  found.probabilities.forEach((p, i) => expect(p).toBeCloseTo(Math.exp(sign * found.out[i]), 6));
});

test("very negative scores are no logarithms of a sigmoid", async () => {
  const found = await taken((b, row) => b.op("Sub", [b.op("Tanh", [row]), scalar(b, 20)]));
  expect([found.logits, found.link]).toEqual(["out", "softmax"]);
});

test("scores that only pass through a squashing operator stay scores", async () => {
  const found = await taken((b, row) => {
    return b.op("Mul", [b.op("Tanh", [row]), scalar(b, 5)]);
  });
  expect([found.logits, found.link]).toEqual(["out", "softmax"]);
});

test("a manifest says what makes probabilities; else the graph does", async () => {
  const b = new ModelBuilder();
  const flat = b.op("Flatten", [b.input("x", ["N", 3, 6, 6])]);
  b.op("MatMul", [flat, b.constant(randomTensor([108, CLASSES], 1, 0.2))], {}, "logits");
  b.output(b.op("Sigmoid", ["logits"], {}, "p"));
  const bytes = encodeModel(b.build());
  const open = (outputs: NonNullable<typeof manifest.outputs>) =>
    openNetwork({ manifest: { ...manifest, outputs }, bytes }, { backend: "wasm" });
  await using implied = await open({ logits: "logits" });
  await using stated = await open({ logits: "logits", link: "softmax" });
  await using named = await open({ probabilities: "p" });
  await using plain = await open({ logits: "p", link: "none" });
  expect([implied, stated, named, plain].map(({ logitsTensor, scoreLink }) => [
    logitsTensor,
    scoreLink,
  ])).toEqual([["logits", "sigmoid"], ["logits", "softmax"], ["logits", "sigmoid"], ["p", "none"]]);
  const { p } = await plain.forward(x, ["p"]);
  expect((await classScores(plain, x)).probabilities).toEqual(p.data);
});
