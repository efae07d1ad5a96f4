import { Attributes, type Fact, isStandardDomain, type NodeProto } from "../onnx/mod.ts";

/** Whether a node averages maps [1, C, h, w] to [1, C, 1, 1]. */
export function isGlobalMean(node: NodeProto, facts: ReadonlyMap<string, Fact>): boolean {
  if (!isStandardDomain(node.domain)) return false;
  if (facts.get(node.output[0])?.dims.length !== 4) return false;
  if (node.opType === "GlobalAveragePool") return facts.get(node.input[0])?.dims.length === 4;
  if (node.opType !== "ReduceMean") return false;
  const axes = facts.get(node.input[1] ?? "")?.value ?? new Attributes(node).ints("axes") ?? [];
  const named = axes.map((axis) => axis < 0 ? axis + 4 : axis).toSorted();
  return `${named}` === "2,3";
}
