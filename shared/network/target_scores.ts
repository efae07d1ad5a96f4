import { InputError } from "../errors.ts";
import { resolveClass } from "../models/resolve_class.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { Attributes } from "../onnx/mod.ts";
import type { Network } from "./network.ts";
import { scoreOutputs } from "./open/score_outputs.ts";
import { requireFinite } from "./require_finite.ts";

/** The class scores of an image: a row, or one for each position of a map. */
export interface Scores {
  readonly layer: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** One a class: summed over positions. */
  readonly totals: Float32Array;
  readonly labels: readonly string[];
}

/**
 * @param known Tensors of the image's forward pass that are there already.
 * @throws {InputError} If the network has no class scores, or one is NaN or infinite.
 */
export async function scoresOf(
  network: Network,
  input: Tensor<"float32">,
  { known, ...options }: RunOptions & { readonly known?: Readonly<Record<string, Tensor>> },
): Promise<Scores> {
  const layer = scoreTensor(network);
  const { [layer]: found } = known?.[layer]
    ? known
    : await network.forward(input, [layer], options);
  const { dims, type } = found;
  if (type !== "float32") {
    throw new InputError(
      `Cannot explain the scores: "${layer}" is ${type}, expected float32; name the tensor of the ` +
        "scores (--scores <tensor>)",
    );
  }
  const data = found.data as Float32Array;
  // A class that is ruled out may have a score of -Infinity.
  requireFinite(data.filter((value) => value !== -Infinity), "explain the scores", `"${layer}"`);
  const positions = elementCount(dims.slice(2));
  const totals = Float32Array.from(
    { length: data.length / positions },
    (_, c) => data.subarray(c * positions, (c + 1) * positions).reduce((a, b) => a + b, 0),
  );
  return { layer, dims, data, totals, labels: network.labelsOf(totals.length) };
}

/** The row of class scores, else the first output that is a map of them, before its softmax. */
export function scoreTensor(network: Network): string {
  try {
    return network.logitsTensor;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const map = scoreOutputs(network.index).map(({ tensor }) => scoreMap(network, tensor))
      .find((name) => name !== undefined);
    if (map === undefined) throw error;
    return map;
  }
}

/** What makes probabilities of a map of scores. */
const LINKS: ReadonlySet<string> = new Set(["LogSoftmax", "Sigmoid", "Softmax"]);

/** The map of scores, [1, classes, h, w], that a tensor is or is made of; undefined of no map. */
function scoreMap(network: Network, tensor: string): string | undefined {
  const { index, facts } = network;
  const map = network.hasLayer(tensor) ? network.resolveLayer(tensor) : tensor;
  const { type, dims = [] } = facts.get(map) ?? {};
  const isMap = type === "float32" && dims.length === 4 && dims[0] === 1 && dims[1] > 1;
  const node = index.producer(tensor);
  if (!isMap || !node || !LINKS.has(node.opType ?? "")) return isMap ? map : undefined;
  // A softmax along rows or columns makes no classes of channels; those of a view come last.
  const classes = map === tensor ? 1 : dims.length - 1;
  const axis = new Attributes(node).int("axis", -1);
  const isOverClasses = node.opType === "Sigmoid" || axis === classes ||
    axis + dims.length === classes;
  return (isOverClasses ? scoreMap(network, node.input[0]) : undefined) ?? map;
}

/** Whether a text is a class, whatever signs it has. */
export function isLabel(text: string, network: Network): boolean {
  try {
    const { dims = [] } = network.facts.get(scoreTensor(network)) ?? {};
    const labels = network.labelsOf(dims[1] ?? network.labels.length);
    return resolveClass(text, labels) >= 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}
