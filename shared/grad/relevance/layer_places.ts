import { type GraphIndex, inputsOf, type NodeProto } from "../../onnx/mod.ts";
import type { Emitter } from "../emitter.ts";
import type { Path } from "../walk_back.ts";
import type { LayerRule, RelevanceRuleName } from "./relevance_rule.ts";

/** Operators with weights. */
const WEIGHTED: ReadonlySet<string> = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);

/** What a node is to the rules: which layer it belongs to. */
export interface LayerPlaces {
  layerRule(node: NodeProto): LayerRule;
  isBeforeWeights(node: NodeProto): boolean;
}

/**
 * Finds the first layer, that of the classifier, and dense ones among the nodes of a path.
 *
 * @param endsInScore Whether the path ends in a score, and so its last layer is the classifier.
 */
export function layerPlaces(
  { nodes, values }: Path,
  index: GraphIndex,
  emit: Emitter,
  rule: RelevanceRuleName,
  endsInScore: boolean,
): LayerPlaces {
  const isWeighted = ({ opType = "" }: NodeProto) => WEIGHTED.has(opType);
  const weightedBelow = weighed(index, isWeighted);
  const weightedAbove = new Set<string>();
  for (const node of nodes.toReversed()) {
    const isBelow = isWeighted(node) || node.output.some((name) => weightedAbove.has(name));
    for (const name of isBelow ? inputsOf(node) : []) weightedAbove.add(name);
  }
  const isFirst = (node: NodeProto) =>
    !node.input.some((name) => values.has(name) && weightedBelow.has(name));
  const isDense = (node: NodeProto) => {
    if (!/^Conv/.test(node.opType!)) return true;
    const positions = emit.dims(node.output[0]).slice(2).reduce((a, b) => a * b, 1);
    const isLast = endsInScore && !node.output.some((name) => weightedAbove.has(name));
    return positions === 1 || isLast;
  };
  return {
    isBeforeWeights: isFirst,
    layerRule(node) {
      if (rule !== "composite") return rule;
      if (isFirst(node)) return "flat";
      return isDense(node) ? "epsilon" : "zplus";
    },
  };
}

/** The values that weights and an input of the graph went into. */
function weighed(index: GraphIndex, isWeighted: (node: NodeProto) => boolean): ReadonlySet<string> {
  const seen = new Set(index.inputs);
  const found = new Set<string>();
  for (const node of index.order) {
    const inputs = inputsOf(node);
    if (!inputs.some((name) => seen.has(name))) continue;
    for (const name of node.output) seen.add(name);
    if (!isWeighted(node) && !inputs.some((name) => found.has(name))) continue;
    for (const name of node.output) found.add(name);
  }
  return found;
}
