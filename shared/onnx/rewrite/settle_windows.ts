import { Attributes } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { withGraph } from "../edit.ts";
import { operatorOf } from "../operators.ts";
import type { NodeProto } from "../proto/types.ts";
import type { Fact } from "../shape/fact.ts";
import { type Window, windowOf } from "../shape/window.ts";
import { transposedWindowOf } from "../shape/window_rules.ts";
import { type Rewrite, rewriteNodes } from "./rewrite_nodes.ts";

/**
 * The model with windows spelled out where ONNX Runtime (1.30.0) contradicts itself, when it runs
 * and when it checks the shapes of the file:
 *
 * - with `ceil_mode`, a last window that would begin in the padding is dropped, and counted;
 * - with `auto_pad`, `pads` beside it are ignored, and obeyed; pools leave dilations out, and take
 *   them into account; a transposed convolution stops at its last element, and is said to fill.
 *
 * @param facts What `inferShapes` knows of the model.
 */
export function settleWindows(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const graph = rewriteNodes(model.graph, (node) => {
    if (operatorOf(node)?.kind !== "window") return undefined;
    return SETTLES[node.opType ?? ""]?.(node, facts);
  });
  return withGraph(model, graph);
}

const isAutomatic = (attributes: Attributes) =>
  attributes.string("auto_pad", "NOTSET") !== "NOTSET";

function settlePool(node: NodeProto, facts: ReadonlyMap<string, Fact>): Rewrite | undefined {
  const attributes = new Attributes(node);
  const [, , ...spatial] = facts.get(node.input[0])?.dims ?? [];
  const isCeil = attributes.int("ceil_mode", 0) === 1;
  if (spatial.length === 0 || !(isCeil || isAutomatic(attributes))) return undefined;
  const kernel = attributes.ints("kernel_shape", []);
  const window = windowOf(attributes, spatial, kernel);
  const pads = [...window.padsBegin, ...window.padsEnd];
  if (!isCeil || !dropsWindow(window, spatial)) {
    if (!isAutomatic(attributes)) return undefined;
    return (scope) => scope.rewrite(node.input, ["auto_pad"], { pads });
  }
  const { output } = windowOf(new Attributes(without(node, "ceil_mode")), spatial, kernel);
  if (`${output}` === `${window.output}`) {
    return (scope) => scope.rewrite(node.input, ["ceil_mode", "auto_pad"], { pads });
  }
  // Other pads would count as well.
  if (attributes.int("count_include_pad", 0) === 1) return undefined;
  const enough = [...window.padsBegin, ...endPads(window, spatial)];
  return (scope) => scope.rewrite(node.input, ["ceil_mode", "auto_pad"], { pads: enough });
}

function settleTransposed(node: NodeProto, facts: ReadonlyMap<string, Fact>): Rewrite | undefined {
  const attributes = new Attributes(node);
  const known = [0, 1].map((i) => facts.get(node.input[i])?.dims);
  if (!isAutomatic(attributes) || attributes.ints("output_shape") || known.includes(undefined)) {
    return undefined;
  }
  const { padsBegin, padsEnd } = transposedWindowOf({ attributes, dims: (i) => known[i]! });
  const pads = [...padsBegin, ...padsEnd];
  return (scope) => scope.rewrite(node.input, ["auto_pad"], { pads });
}

const without = (node: NodeProto, dropped: string): NodeProto => ({
  ...node,
  attribute: node.attribute.filter(({ name }) => name !== dropped),
});

const reachOf = ({ kernel, dilations }: Window, axis: number) =>
  (kernel[axis] - 1) * dilations[axis] + 1;

function dropsWindow(window: Window, spatial: readonly number[]): boolean {
  const { strides, padsBegin, padsEnd, output } = window;
  return spatial.some((extent, axis) => {
    const free = extent + padsBegin[axis] + padsEnd[axis] - reachOf(window, axis);
    return Math.ceil(free / strides[axis]) + 1 > output[axis];
  });
}

/** What the last windows need behind the map. */
function endPads(window: Window, spatial: readonly number[]): number[] {
  const { strides, padsBegin, output } = window;
  return spatial.map((extent, axis) => {
    const end = (output[axis] - 1) * strides[axis] + reachOf(window, axis);
    return Math.max(0, end - extent - padsBegin[axis]);
  });
}

/** How the windows of an operator are settled. */
const SETTLES: Readonly<Record<string, typeof settlePool>> = {
  AveragePool: settlePool,
  ConvTranspose: settleTransposed,
  LpPool: settlePool,
  MaxPool: settlePool,
};
