import type { GraphProto } from "./proto/types.ts";

/** A graph with all names that it makes or reads changed, those in graphs inside it too. */
export function renamedGraph(graph: GraphProto, rename: (name: string) => string): GraphProto {
  return {
    ...graph,
    node: graph.node.map((node) => ({
      ...node,
      input: node.input.map(rename),
      output: node.output.map(rename),
      attribute: node.attribute.map((held) =>
        held.g ? { ...held, g: renamedGraph(held.g, rename) } : held
      ),
    })),
    input: graph.input.map((info) => ({ ...info, name: rename(info.name ?? "") })),
    output: graph.output.map((info) => ({ ...info, name: rename(info.name ?? "") })),
    initializer: graph.initializer.map((tensor) => ({
      ...tensor,
      name: rename(tensor.name ?? ""),
    })),
  };
}
