import { Attributes } from "../attributes.ts";
import type { Model } from "../decode_model.ts";
import { withGraph } from "../edit.ts";
import { isStandardDomain } from "../opset.ts";
import type { NodeProto } from "../proto/types.ts";
import type { Fact } from "../shape/fact.ts";
import { type Window, windowOf } from "../shape/window.ts";
import { type Rewrite, rewriteNodes } from "./rewrite_nodes.ts";

const POOLS: ReadonlySet<string> = new Set(["AveragePool", "LpPool", "MaxPool"]);

/**
 * The model with the windows of a pool spelled out where ONNX Runtime (1.30.0) contradicts itself
 * about `ceil_mode`: a last window that would begin in the padding is dropped when it runs, and
 * counted when it checks the shapes of the file.
 *
 * @param facts What `inferShapes` knows of the model.
 */
export function settleCeilMode(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const graph = rewriteNodes(model.graph, (node): Rewrite | undefined => {
    if (!POOLS.has(node.opType ?? "") || !isStandardDomain(node.domain)) return undefined;
    const attributes = new Attributes(node);
    const [, , ...spatial] = facts.get(node.input[0])?.dims ?? [];
    if (spatial.length === 0 || attributes.int("ceil_mode", 0) === 0) return undefined;
    const kernel = attributes.ints("kernel_shape", []);
    const window = windowOf(attributes, spatial, kernel);
    if (!dropsWindow(window, spatial)) return undefined;
    const { output } = windowOf(new Attributes(without(node, "ceil_mode")), spatial, kernel);
    if (`${output}` === `${window.output}`) {
      return (scope) => scope.rewrite(node.input, ["ceil_mode"]);
    }
    // Other pads would count as well.
    if (attributes.int("count_include_pad", 0) === 1) return undefined;
    const pads = [...window.padsBegin, ...endPads(window, spatial)];
    return (scope) => scope.rewrite(node.input, ["ceil_mode", "auto_pad"], { pads });
  });
  return withGraph(model, graph);
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
