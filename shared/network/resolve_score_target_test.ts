import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { differentiate } from "../grad/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { evaluateScore } from "./evaluate_score.ts";
import type { Network } from "./network.ts";
import { openNetwork } from "./open_network.ts";
import { resolveScoreTarget, type TargetRequest } from "./resolve_score_target.ts";
import { objectiveOf, type ScoreTarget } from "./score_target.ts";
import { comparedImage } from "./target_syntax.ts";

const SIDE = 6;
const manifest = manifestFor({ path: "small.onnx", height: SIDE, width: SIDE });
const labels = ["coffee mug, mug", "bowl - soup", "cup", "plate", "pan"];
const input = randomTensor([1, 3, SIDE, SIDE], 4);
const guide = randomTensor([1, 3, SIDE, SIDE], 5);

const openBytes = (bytes: Uint8Array) =>
  openNetwork({ manifest, bytes, labels }, { backend: "wasm" });
const classes = () => openBytes(convNet({ height: SIDE, width: SIDE }));

/** x -> a map of 3 classes. */
function mapNet(): Uint8Array {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, SIDE, SIDE]);
  b.output(b.op("Conv", [x, b.constant(randomTensor([3, 3, 1, 1], 2))], {}, "map"));
  return encodeModel(b.build());
}

const resolve = (network: Network, target: string, request: Partial<TargetRequest> = {}) =>
  resolveScoreTarget(network, { target, input, ...request });

const data = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The target's value and derivatives, in a graph and without one, which have to agree. */
async function valueOf(network: Network, target: ScoreTarget): Promise<number> {
  const { model, objective, gradients } = differentiate(network.model, {
    objective: objectiveOf(target),
    wrt: [target.layer],
    inputs: { x: input.dims },
    outputs: [target.layer],
  });
  const name = gradients[target.layer];
  const found = await network.evaluate(model, { x: input }, [objective, name, target.layer]);
  const layer = found[target.layer];
  const output = { data: layer.data as Float32Array, dims: layer.dims };
  const { value, derivative } = evaluateScore(target.spec, output);
  const size = Math.max(...data(found[name]).map(Math.abs));
  data(found[name]).forEach((one, i) =>
    expect(Math.abs(one - derivative[i])).toBeLessThan(1e-4 * size)
  );
  expect(value).toBeCloseTo(Number(found[objective].data[0]), 4);
  return value;
}

test("classes, sums of classes, units and channels are what the forward pass says", async () => {
  await using network = await classes();
  const { logits, relu2 } = await network.forward(input, ["logits", "relu2"]);
  const [l, r] = [data(logits), data(relu2)];
  const area = SIDE * SIDE;
  const cases: [target: string, value: number, label: string, quantity: string][] = [
    ["top-1", Math.max(...l), labels[l.indexOf(Math.max(...l))], "logit"],
    ["cup", l[2], "cup", "logit"],
    ["cup - plate", l[2] - l[3], "cup - plate", "sum of logits"],
    ["0.5*cup + mug", 0.5 * l[2] + l[0], "0.5*cup + coffee mug", "sum of logits"],
    ["-2 * 3 - .5*pan", -2 * l[3] - 0.5 * l[4], "-2*plate - 0.5*pan", "sum of logits"],
    // A label with a minus in it is a label.
    ["bowl - soup", l[1], "bowl - soup", "logit"],
    ["relu2:3:2:1", r[3 * area + 2 * SIDE + 1], "relu2:3:2:1", "activation"],
    ["relu2:5", sum(r.slice(5 * area, 6 * area)), "relu2:5", "activation"],
  ];
  for (const [text, value, label, quantity] of cases) {
    const target = await resolve(network, text);
    expect(target, text).toMatchObject({ label, quantity });
    expect(await valueOf(network, target), text).toBeCloseTo(value, 3);
  }
  const shares = l.map((value) => Math.exp(value));
  const surely = await resolve(network, "cup", { score: "log-probability" });
  expect(await valueOf(network, surely)).toBeCloseTo(Math.log(shares[2] / sum(shares)), 4);
});

test("code: is the cosine similarity with a second image, of the output or of a layer", async () => {
  await using network = await classes();
  for (const layer of ["logits", "relu1"]) {
    const [a, b] = await Promise.all(
      [input, guide].map(async (image) => data((await network.forward(image, [layer]))[layer])),
    );
    const text = layer === "logits" ? "code:photos/cat.jpg" : `code@${layer}:photos/cat.jpg`;
    const target = await resolve(network, text, { guide });
    expect(target).toMatchObject({
      layer,
      label: "similarity with cat.jpg",
      quantity: "cosine similarity",
    });
    const dot = sum(a.map((value, i) => value * b[i]));
    expect(await valueOf(network, target)).toBeCloseTo(
      dot / Math.hypot(...a) / Math.hypot(...b),
      5,
    );
  }
});

test("a class of a map is summed over all of it, its mask or a box", async () => {
  await using network = await openBytes(mapNet());
  const { map } = await network.forward(input, ["map"]);
  const area = SIDE * SIDE;
  const planes = [0, 1, 2].map((c) => data(map).slice(c * area, (c + 1) * area));
  const isTop = (i: number) => planes[1][i] > Math.max(planes[0][i], planes[2][i]);
  const places = (keep: (row: number, column: number, i: number) => boolean) =>
    sum(planes[1].filter((_, i) => keep(Math.floor(i / SIDE), i % SIDE, i)));
  const cases: [string, number][] = [
    ["1", sum(planes[1])],
    ["1@map", sum(planes[1])],
    ["1@mask", places((_row, _column, i) => isTop(i))],
    ["1@box:2,1,3,4", places((row, column) => row >= 2 && row < 5 && column >= 1 && column < 5)],
  ];
  for (const [text, value] of cases) {
    const target = await resolve(network, text);
    expect(target).toMatchObject({ layer: "map", index: 1, quantity: "sum of logits" });
    expect(await valueOf(network, target), text).toBeCloseTo(value, 3);
  }
  await expect(resolve(network, "1@box:2,1,5,1")).rejects.toThrow(
    "Cannot add up scores in a box of 5 x 1 at 2,1: the map has 6 x 6 positions",
  );
});

test("the image that a target is compared with is known before the network is", () => {
  expect(comparedImage("code:a/b: c.jpg")).toBe("a/b: c.jpg");
  expect(comparedImage("code@relu1:c.jpg")).toBe("c.jpg");
  expect(comparedImage("cup - bowl")).toBeUndefined();
});

test("what is no target is told in one sentence, with what there is", async () => {
  await using network = await classes();
  const cases: [string, string][] = [
    ["fork", 'Cannot find the class "fork"'],
    ["cup - fork", 'Cannot find the class "fork"'],
    ["conv9:1", 'Cannot find the layer "conv9"'],
    ["code:cat.jpg", 'Cannot compare with "cat.jpg": it was not given, expected a second image'],
    ["cup@map", 'Cannot add up the scores of "cup" over positions: they are a row, [1,5]'],
    ["cup@box:1,2", 'Cannot read the box "box:1,2": expected box:<top>,<left>,<height>,<width>'],
  ];
  for (const [text, message] of cases) {
    await expect(resolve(network, text), text).rejects.toMatchObject({
      message: expect.stringContaining(message),
      kind: expect.stringMatching(/^(invalid-options|not-found)$/),
    });
  }
  await expect(resolve(network, "cup", { guide })).rejects.toThrow(
    'Cannot use the second image: "cup" is not compared with it',
  );
  const dark = float32(new Float32Array(input.data.length), input.dims);
  await expect(resolve(network, "code@relu1:cat.jpg", { guide: dark })).rejects.toThrow(
    'Cannot compare with "cat.jpg": all its features in "relu1" are 0',
  );
  await expect(resolve(network, "cup - mug", { score: "log-probability" })).rejects.toThrow(
    "Cannot add up log-probabilities of classes",
  );
});
