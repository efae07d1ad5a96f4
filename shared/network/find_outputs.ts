import { InputError } from "../errors.ts";
import type { ScoreLink } from "../grad/mod.ts";
import {
  type Fact,
  type GraphIndex,
  inputsOf,
  isStandardDomain,
  type NodeProto,
  operatorOf,
} from "../onnx/mod.ts";

import { isFeatures, type ScoreOutput, scoreOutputs } from "./open/score_outputs.ts";

/** Which tensors hold the class scores. */
export interface ScoreTensors {
  /** Scores before the softmax, one per class; probabilities where there are none before them. */
  readonly logits: string;
  /** Absent where the network does not compute them. */
  readonly probabilities?: string;
  /** What makes probabilities of the scores. */
  readonly link: ScoreLink;
}

/** Whether a node hands the scores on without changing them. */
const passes = (node: NodeProto) => operatorOf(node)?.passes === true;

/** Operators that make probabilities, or their logarithms, of scores. */
const LINKS: Readonly<Record<string, ScoreLink>> = {
  LogSoftmax: "softmax",
  Sigmoid: "sigmoid",
  Softmax: "softmax",
};

/** The class scores, and what says that they are there. */
export interface FoundScores extends ScoreTensors {
  readonly from: string;
}

/**
 * Finds the class scores of a network that has no manifest: what goes into the softmax or sigmoid
 * that makes an output, else the first output that is one row of numbers, or whose shape is not
 * known. A row that the network turns into another shape, such as [1, 1, 1, classes], is taken
 * before that; one of a single number only where there is no other. Names of classes, dictionaries
 * and the largest scores are followed to the scores that they are made of.
 *
 * @param outputs Where to look. @default the graph's outputs
 * @param classes How many labels there are: a row of as many is scores, whatever it looks like.
 * @throws {RangeError} If no output looks like class scores; where it is features, says so.
 */
export function findOutputs(
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
  outputs?: readonly string[],
  classes?: number,
): FoundScores {
  const candidates: readonly ScoreOutput[] =
    outputs?.map((tensor) => ({ tensor, output: tensor })) ??
      scoreOutputs(index);
  const where = ({ by, output }: ScoreOutput) => by ? `${by} of "${output}"` : `output "${output}"`;
  const count = (name: string) => facts.get(name)?.dims.reduce((a, b) => a * b, 1);
  const features: ScoreOutput[] = [];
  for (const least of [2, 1]) {
    for (const candidate of candidates) {
      const node = origin(index, candidate.tensor);
      const link = node && linkOf(node);
      if (node === undefined || link === undefined) continue;
      const [scores] = node.input;
      const logits = rowBehind(index, facts, scores, least) ??
        (facts.has(scores) ? undefined : scores);
      if (logits === undefined) continue;
      const from = `the ${node.opType} before the ${where(candidate)}`;
      return node.opType === "LogSoftmax"
        ? { logits, link, from }
        : { logits, link, probabilities: node.output[0], from };
    }
    for (const candidate of candidates) {
      const logits = rowBehind(index, facts, candidate.tensor, least);
      if (logits === undefined) continue;
      if (outputs === undefined && count(logits) !== classes && isFeatures(index, candidate)) {
        features.push(candidate);
        continue;
      }
      // One score alone can only be that of a yes or no.
      return {
        logits,
        link: least > 1 ? "softmax" : "sigmoid",
        from: `the ${where(candidate)}, which is a row of numbers`,
      };
    }
  }
  if (features.length > 0) {
    const [{ output, tensor }] = features;
    throw new InputError(
      `Cannot find the class scores: the output "${output}" is a code of ${count(tensor)} ` +
        'features; compare it with that of another image (the target "code:<image file>"), or ' +
        `take it for scores (--scores ${output})`,
    );
  }
  // A shape that nobody knows before the run, after an operator that is not standard, may be one.
  const unknown = candidates.find(({ tensor }) => !facts.has(tensor));
  if (unknown !== undefined) {
    return {
      logits: unknown.tensor,
      link: "softmax",
      from: `the ${where(unknown)}, whose shape is not known`,
    };
  }
  const shapes = candidates.map(({ tensor }) => {
    const { type = "", dims = "?" } = facts.get(tensor) ?? {};
    return `"${tensor}" ${type} [${dims}]`;
  });
  throw new InputError(
    `Cannot find the class scores: no output is one row of float32, [1, classes], they are ` +
      shapes.join(", ") + "; a tensor that is can be named (--scores <tensor>)",
  );
}

/** The tensor that stands for what the network makes of an image, be it scores or not. */
export function mainOutput(index: GraphIndex, facts: ReadonlyMap<string, Fact>): string {
  const candidates = scoreOutputs(index);
  const isReal = ({ tensor }: ScoreOutput) => facts.get(tensor)?.type === "float32";
  return (candidates.find(isReal) ?? candidates[0]).tensor;
}

function linkOf({ opType = "", domain }: NodeProto): ScoreLink | undefined {
  return isStandardDomain(domain) && Object.hasOwn(LINKS, opType) ? LINKS[opType] : undefined;
}

/** What the graph makes of scores: the first softmax or sigmoid after them, if any. */
export function linkAfter(index: GraphIndex, scores: string): ScoreLink | undefined {
  const readers = index.consumers(scores).filter((node) => node.input[0] === scores);
  const direct = readers.map(linkOf).find((link) => link);
  if (direct !== undefined) return direct;
  return readers.filter(passes)
    .map(({ output }) => linkAfter(index, output[0]))
    .find((link) => link);
}

/** The node that computes the tensor's numbers. */
function origin(index: GraphIndex, name: string): NodeProto | undefined {
  let node = index.producer(name);
  while (node && passes(node)) node = index.producer(inputsOf(node)[0]);
  return node;
}

/** The tensor that is a row of `least` numbers or more and becomes `name`, or `name` itself. */
function rowBehind(
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
  name: string,
  least: number,
): string | undefined {
  if (isRow(facts.get(name), least)) return name;
  const node = index.producer(name);
  if (!node || !passes(node)) return undefined;
  return rowBehind(index, facts, inputsOf(node)[0], least);
}

/** Whether all extents but the second, that of the classes, are 1. */
export function isRow(fact: Fact | undefined, least: number): boolean {
  if (fact?.type !== "float32" || fact.dims.length < 2) return false;
  const [batch, classes, ...rest] = fact.dims;
  return batch === 1 && classes >= least && rest.every((extent) => extent === 1);
}
