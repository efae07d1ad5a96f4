import { type Fact, type GraphIndex, inputsOf, operatorOf } from "../onnx/mod.ts";
import type { Layer } from "./network.ts";

/**
 * The tensors whose values depend on the input's, the input included, in running order. What follows
 * from shapes, such as the arithmetic around a Reshape, does not.
 */
export function varyingTensors(index: GraphIndex, input: string): ReadonlySet<string> {
  const varying = new Set([input]);
  for (const node of index.order) {
    if (operatorOf(node)?.kind === "source") continue;
    if (!inputsOf(node).some((name) => varying.has(name))) continue;
    for (const name of node.output) if (name !== "") varying.add(name);
  }
  return varying;
}

/** The tensors [1, C, H, W] among them, as layers under their own names. */
export function featureMaps(tensors: Iterable<string>, facts: ReadonlyMap<string, Fact>): Layer[] {
  const isMap = ({ type, dims }: Fact) => type === "float32" && dims.length === 4 && dims[0] === 1;
  return [...tensors]
    .filter((name) => facts.has(name) && isMap(facts.get(name)!))
    .map((name) => ({ alias: name, tensor: name }));
}
