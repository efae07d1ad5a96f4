import { expect, test } from "vitest";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { contextOf } from "../contract/run_method.ts";
import type { MethodResult, Steps } from "../contract/method.ts";
import { drawFigure, encodeFigure } from "../figure/mod.ts";
import { blurForInsertion, changeCurve } from "../metrics/mod.ts";
import { manifestFor } from "../models/mod.ts";
import { classScores } from "../network/class_scores.ts";
import type { Network } from "../network/network.ts";
import { openNetwork } from "../network/open_network.ts";
import { resolveScoreTarget } from "../network/resolve_score_target.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { withEvaluation } from "./with_evaluation.ts";

const SIDE = 12;
const AREA = SIDE * SIDE;
const input = randomTensor([1, 3, SIDE, SIDE], 4);
const map = randomTensor([AREA], 5).data;
const zeros = float32(new Float32Array(3 * AREA), input.dims);
const nothing: MethodResult = { figures: {}, images: {}, arrays: {}, measures: { kept: 1 } };

/** 64 parts and more of 144 pixels are 3 pixels each. */
const STEP = 3;

const open = () =>
  openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height: SIDE, width: SIDE }), bytes: convNet() },
    { backend: "wasm" },
  );

async function finished(steps: Steps<MethodResult>) {
  const seen: string[] = [];
  let step = await steps.next();
  while (!step.done) {
    seen.push(`${step.value.done}/${step.value.total}`);
    step = await steps.next();
  }
  return { result: step.value, seen };
}

async function evaluate(network: Network, target: string) {
  const found = await resolveScoreTarget(network, { target, input });
  const subject = () => ({ input, map, target: found });
  return await finished(withEvaluation(contextOf(network), nothing, subject));
}

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);

test("the curves of a class are those of its probability, pixel after pixel", async () => {
  await using network = await open();
  const { result: { arrays, measures, figures }, seen } = await evaluate(network, "3");
  const probability = async (image: Tensor<"float32">) =>
    (await classScores(network, image)).probabilities[3];
  const deletion = await changeCurve(input, zeros, map, probability, { step: STEP });
  const insertion = await changeCurve(blurForInsertion(input), input, map, probability, {
    step: STEP,
  });
  expect(numbers(arrays.deletion)).toEqual([...deletion.scores]);
  expect(numbers(arrays.insertion)).toEqual([...insertion.scores]);
  expect(measures).toEqual({
    kept: 1,
    deletion: deletion.area,
    insertion: insertion.area,
  });
  expect([seen[0], seen.at(-1), seen.length]).toEqual(["1/98", "98/98", 98]);
  const { panels: [{ legend, layers }] } = figures.evaluation;
  expect(layers).toMatchObject([{ kind: "plot", range: { min: 0, max: 1 }, y: "probability" }]);
  expect(legend?.map(({ note }) => Number(note))).toEqual(
    [deletion.area, insertion.area].map((area) => expect.closeTo(area, 3)),
  );
  const svg = drawFigure(await encodeFigure(figures.evaluation));
  expect(svg).toContain("share of the pixels");
  expect(svg.match(/<path[^>]*stroke="rgb/g)).toHaveLength(2);
  expect(svg).not.toContain("NaN");
});

test("the curves of a unit are those of its activation", async () => {
  await using network = await open();
  const { result: { arrays, figures } } = await evaluate(network, "conv2:5:4:7");
  const activation = async (image: Tensor<"float32">) =>
    Number((await network.forward(image, ["conv2"])).conv2.data[5 * AREA + 4 * SIDE + 7]);
  const { scores } = await changeCurve(input, zeros, map, activation, { step: STEP });
  expect(numbers(arrays.deletion)).toEqual([...scores]);
  expect(figures.evaluation.panels[0].layers).toMatchObject([{ y: "activation" }]);
});

test("nothing is evaluated that nobody asked for", async () => {
  await using network = await open();
  const { result, seen } = await finished(withEvaluation(contextOf(network), nothing, false));
  expect(result).toBe(nothing);
  expect(seen).toEqual([]);
});
