import { Attributes } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { GraphIndex } from "../graph_index.ts";
import type { NodeProto } from "../proto/types.ts";
import { declaredDims } from "../value_info.ts";

type Ranks = ReadonlyMap<string, number>;

/** Operators whose result has another number of axes than their first input. */
const RULES: Readonly<Record<string, (node: NodeProto, ranks: Ranks) => number | undefined>> = {
  Constant: (node) => new Attributes(node).tensor("value")?.dims.length,
  Flatten: () => 2,
  Gemm: () => 2,
  Reshape: (node) => new Attributes(node).ints("shape")?.length,
  Shape: () => 1,
  Squeeze: (node, ranks) => changed(node, ranks, -1),
  Unsqueeze: (node, ranks) => changed(node, ranks, 1),
};

const changed = (node: NodeProto, ranks: Ranks, sign: number) => {
  const rank = ranks.get(node.input[0]);
  return rank === undefined
    ? undefined
    : rank + sign * (new Attributes(node).ints("axes")?.length ?? 0);
};

/** The number of axes of the values of a model, as far as it follows without shapes. */
export function ranksOf({ graph }: Model): Ranks {
  const ranks = new Map<string, number>();
  for (const info of graph.input) {
    const dims = declaredDims(info);
    if (dims) ranks.set(info.name ?? "", dims.length);
  }
  for (const { name = "", dims } of graph.initializer) ranks.set(name, dims.length);
  for (const node of new GraphIndex(graph).order) {
    const { opType = "" } = node;
    const rank = Object.hasOwn(RULES, opType)
      ? RULES[opType](node, ranks)
      : ranks.get(node.input[0] ?? "");
    if (rank === undefined) continue;
    for (const name of node.output) ranks.set(name, rank);
  }
  return ranks;
}
