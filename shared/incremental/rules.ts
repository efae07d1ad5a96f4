import { type NodeProto, operatorOf } from "../onnx/mod.ts";
import type { LocalityRule, LocalityRules } from "./locality.ts";
import { padLocality } from "./ops/pad.ts";
import { concat, pointwise } from "./ops/pointwise.ts";
import { windowRules } from "./ops/window.ts";

const RULES: LocalityRules = {
  ...windowRules,
  Concat: concat,
  Pad: padLocality,
};

/** How a node is computed on a part of its maps; undefined where it is computed as a whole. */
export function ruleOf(node: NodeProto): LocalityRule | undefined {
  const operator = operatorOf(node);
  if (operator === undefined) return undefined;
  return operator.isLocal ? pointwise(operator.work) : RULES[node.opType ?? ""];
}
