import { type GraphIndex, inputsOf, type NodeProto, operatorOf } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32 } from "../tensor/tensor.ts";
import { LINKS } from "./class_scores.ts";
import { type FoundScores, isRow } from "./find_outputs.ts";
import type { Network } from "./network.ts";

/** Operators of which probabilities are made, be it step by step. */
const SQUASHES: ReadonlySet<string> = new Set(
  `Exp HardSigmoid LogSoftmax LpNormalization Pow ReduceLogSumExp Sigmoid Softmax Softplus Tanh`
    .split(" "),
);

/** Whether a node may be a step of what makes probabilities: also a quotient by what is computed. */
const isSquash = (index: GraphIndex, { opType = "", input }: NodeProto) =>
  SQUASHES.has(opType) || (opType === "Div" && !index.initializers.has(input[1]));

/** Whether no step of a softmax is before a node: it mixes features. */
function mixes(node: NodeProto): boolean {
  const { kind, keepsChannels } = operatorOf(node) ?? {};
  return kind === "product" || kind === "window" ||
    (kind === "reduction" && keepsChannels === true);
}

/** Sizes of the noise that is looked at: scores that are alike for one differ for the other. */
const NOISES = [1, 0.3];

/** Rounding of float32, where a softmax is computed in another order. */
const TOLERANCE = 1e-3;

/** Below this a probability may have been cut off, or is made of rounding. */
const LEAST = 1e-5;

/** From here on a sigmoid and its logarithm's power differ by more than rounding. */
const TOLD = 0.1;

/** The row of one tensor for each noise. */
type Rows = readonly Float32Array[];

/**
 * The class scores of a network whose softmax is spelled out, or not the last thing it does: by the
 * numbers of two runs on noise. Where rows are in 0..1, they are probabilities, and the scores are
 * the first tensor whose softmax or sigmoid they are.
 *
 * @param found What is known by the operators alone; the result where no numbers are needed.
 */
export async function measureScores(
  network: Network,
  found: FoundScores,
  options: RunOptions = {},
): Promise<FoundScores> {
  const { index, facts, inputName, inputDims } = network;
  const fact = facts.get(found.logits);
  if (found.probabilities !== undefined || !fact || !squashes(index, found.logits)) return found;
  const classes = elementCount(fact.dims);
  const names = index.ancestors([found.logits])
    .flatMap(({ output }) => output)
    .filter((name) =>
      network.hasLayer(name) && isRow(facts.get(name), 1) &&
      elementCount(facts.get(name)!.dims) === classes && name !== inputName
    );
  const rows = new Map<string, Float32Array[]>(names.map((name) => [name, []]));
  for (const [seed, scale] of NOISES.entries()) {
    const noise = Float32Array.from(
      { length: elementCount(inputDims) },
      (_, i) => scale * normalAt(seed, i),
    );
    const results = await network.forward(float32(noise, inputDims), names, options);
    for (const name of names) rows.get(name)!.push(results[name].data as Float32Array);
  }
  return decide(found, rows);
}

/** What the rows, in running order, say of the last of them: logarithms, or probabilities. */
function decide(found: FoundScores, rows: ReadonlyMap<string, Rows>): FoundScores {
  const last = rows.get(found.logits);
  if (last === undefined || last.some((row) => !row.every(Number.isFinite))) return found;
  const from = "the numbers of two runs";
  const before = (link: "softmax" | "sigmoid", made: Rows) =>
    [...rows].find(([, row]) => row.every((scores, i) => isClose(LINKS[link](scores), made[i])))
      ?.[0];
  for (const sign of [1, -1]) {
    const powers = last.map((row) => row.map((value) => Math.exp(sign * value)));
    const link = linkOf(powers);
    const logits = link && before(link, powers);
    if (link && logits !== undefined) return { logits, link, from };
  }
  const probabilities = [...rows].findLast(([, row]) =>
    row.every((values, i) => isShare(values) && isMultiple(last[i], values))
  )?.[0];
  if (probabilities === undefined) return found;
  const shares = rows.get(probabilities)!;
  const link = shares.every(isOne) ? "softmax" : "sigmoid";
  const logits = before(link, shares);
  return logits === undefined
    ? { logits: probabilities, probabilities, link: "none", from }
    : { logits, probabilities, link, from };
}

/** Whether there is a softmax, sigmoid or a step of one behind the last product. */
function squashes(index: GraphIndex, tensor: string): boolean {
  const waiting = [tensor];
  const seen = new Set(waiting);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = index.producer(name);
    if (node === undefined || mixes(node)) continue;
    if (isSquash(index, node)) return true;
    for (const input of inputsOf(node)) if (!seen.has(input)) waiting.push(input);
    for (const input of inputsOf(node)) seen.add(input);
  }
  return false;
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

/** What rows that may be powers of logarithms were made by; undefined where they are none. */
function linkOf(powers: Rows): "softmax" | "sigmoid" | undefined {
  if (powers.every(isOne)) return "softmax";
  // Far below 0 a sigmoid is the power itself, and says nothing.
  const isTold = powers.every((row) => isShare(row) && row.some((value) => value > TOLD));
  return isTold ? "sigmoid" : undefined;
}

const isOne = (row: Float32Array) => row.length > 1 && Math.abs(sum(row) - 1) < TOLERANCE;

const isShare = (values: Float32Array) =>
  values.every((value) => value >= 0 && value <= 1 + TOLERANCE);

/** Whether `row` is `values` times one positive number. */
function isMultiple(row: Float32Array, values: Float32Array): boolean {
  const factor = sum(row) / sum(values);
  return factor > 0 && isClose(row.map((value) => value / factor), values);
}

const isClose = (a: Float32Array, b: Float32Array) =>
  a.every((value, i) => Math.abs(value - b[i]) <= TOLERANCE * Math.max(b[i], LEAST));
