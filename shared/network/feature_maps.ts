import { type Fact, type GraphIndex, inputsOf } from "../onnx/mod.ts";
import type { Layer } from "./network.ts";

/** The tensors that depend on the input, in running order. */
export function dependentsOf(index: GraphIndex, input: string): ReadonlySet<string> {
  const seen = new Set([input]);
  for (const node of index.order) {
    if (!inputsOf(node).some((name) => seen.has(name))) continue;
    for (const name of node.output) if (name !== "") seen.add(name);
  }
  seen.delete(input);
  return seen;
}

/** The tensors [1, C, H, W] among them, as layers under their own names. */
export function featureMaps(tensors: Iterable<string>, facts: ReadonlyMap<string, Fact>): Layer[] {
  const isMap = ({ type, dims }: Fact) => type === "float32" && dims.length === 4 && dims[0] === 1;
  return [...tensors]
    .filter((name) => facts.has(name) && isMap(facts.get(name)!))
    .map((name) => ({ alias: name, tensor: name }));
}
