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

/**
 * Finds the class scores of a network that has no manifest: what goes into the softmax or sigmoid
 * that makes an output, else the first output that is one row of numbers, or whose shape is not
 * known. A row that the network turns into another shape, such as [1, 1, 1, classes], is taken
 * before that; one of a single number only where there is no other.
 *
 * @param outputs Where to look. @default the graph's outputs
 * @throws {RangeError} If no output looks like class scores.
 */
export function findOutputs(
  index: GraphIndex,
  facts: ReadonlyMap<string, Fact>,
  outputs: readonly string[] = index.graph.output.map(({ name = "" }) => name),
): ScoreTensors {
  for (const least of [2, 1]) {
    for (const output of outputs) {
      const node = origin(index, output);
      const link = node && linkOf(node);
      if (node === undefined || link === undefined) continue;
      const [scores] = node.input;
      const logits = rowBehind(index, facts, scores, least) ??
        (facts.has(scores) ? undefined : scores);
      if (logits === undefined) continue;
      return node.opType === "LogSoftmax"
        ? { logits, link }
        : { logits, link, probabilities: node.output[0] };
    }
    for (const output of outputs) {
      const logits = rowBehind(index, facts, output, least);
      // One score alone can only be that of a yes or no.
      if (logits !== undefined) return { logits, link: least > 1 ? "softmax" : "sigmoid" };
    }
  }
  // A shape that nobody knows before the run, after an operator that is not standard, may be one.
  const logits = outputs.find((name) => !facts.has(name));
  if (logits !== undefined) return { logits, link: "softmax" };
  const shapes = outputs.map((name) => {
    const { type = "", dims = "?" } = facts.get(name) ?? {};
    return `"${name}" ${type} [${dims}]`;
  });
  throw new InputError(
    `Cannot find the class scores: no output is one row of float32, [1, classes], they are ` +
      shapes.join(", "),
  );
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
