import { type Fact, type GraphIndex, inputsOf, type NodeProto } from "../onnx/mod.ts";

/** Which tensors hold the class scores. */
export interface ScoreTensors {
  /** Scores before the softmax, one per class. */
  readonly logits: string;
  /** Absent where the network does not compute them. */
  readonly probabilities?: string;
}

/** Operators that hand the scores on without changing them. */
const PASSES = new Set([
  "Identity",
  "Flatten",
  "Reshape",
  "Squeeze",
  "Unsqueeze",
  "Dropout",
  "Cast",
]);

/**
 * Finds the class scores of a network that has no manifest: what goes into the softmax that makes
 * an output, else the first output that is one row of numbers, or whose shape is not known.
 *
 * @throws {RangeError} If no output looks like class scores.
 */
export function findOutputs(index: GraphIndex, facts: ReadonlyMap<string, Fact>): ScoreTensors {
  const outputs = index.graph.output.map(({ name = "" }) => name);
  for (const output of outputs) {
    const node = origin(index, output);
    if (node?.opType === "Softmax") {
      return { logits: node.input[0], probabilities: node.output[0] };
    }
    if (node?.opType === "LogSoftmax") return { logits: node.input[0] };
  }
  // A shape that nobody knows before the run, after an operator that is not standard, may be one.
  const logits = outputs.find((name) => isRow(facts.get(name))) ??
    outputs.find((name) => !facts.has(name));
  if (logits === undefined) {
    const shapes = outputs.map((name) => `"${name}" [${facts.get(name)?.dims ?? "?"}]`);
    throw new RangeError(
      `Cannot find the class scores: no output is one row of numbers, they are ${
        shapes.join(", ")
      }`,
    );
  }
  return { logits };
}

/** The node that computes the tensor's numbers. */
function origin(index: GraphIndex, name: string): NodeProto | undefined {
  let node = index.producer(name);
  while (node && PASSES.has(node.opType ?? "")) node = index.producer(inputsOf(node)[0]);
  return node;
}

/** Whether all extents but one, other than the batch, are 1. */
function isRow(fact: Fact | undefined): boolean {
  if (fact?.type !== "float32" || fact.dims.length < 2) return false;
  const [, ...rest] = fact.dims;
  return rest[0] > 1 && rest.slice(1).every((extent) => extent === 1);
}
