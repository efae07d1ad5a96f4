import { elementCount } from "../tensor/tensor.ts";
import { Attributes, type Fact, type NodeProto, weightsInput } from "../onnx/mod.ts";
import type { LaidNode, Layout } from "./layout.ts";
import type { Span } from "./span.ts";
import type { Positions, TracedNode } from "./trace_changes.ts";

/**
 * What things cost on WASM in one thread, in the time of one multiply-add of a large convolution;
 * measured. Only their order of size matters: they decide where break-even is.
 */
const COST = {
  /** A multiply-add in a small convolution. */
  smallMultiplyAdd: 1.15,
  /** A node's turn, whatever it computes. */
  node: 60_000,
  /** The strips that are fed, and the two nodes that join them with the patch. */
  paste: 250_000,
  /** An element of what results, which is copied twice. */
  pastedElement: 15,
} as const;

/** Sum over all positions of rows times columns. */
export function totalArea([rows, columns]: Positions): number {
  return totalSize(rows) * totalSize(columns);
}

export const totalSize = (spans: readonly Span[]) => spans.reduce((sum, { size }) => sum + size, 0);

export const positionCount = ([rows, columns]: Positions): number => rows.length * columns.length;

/** Multiply-adds of a whole node; those of operators other than convolutions and products are 0. */
export function wholeMultiplyAdds({ node, locality }: TracedNode, facts: Facts): number {
  if (typeof locality !== "string") {
    return locality.multiplyAdds * elementCount(facts.get(node.output[0])!.dims);
  }
  return productMultiplyAdds(node, facts);
}

type Facts = ReadonlyMap<string, Fact>;

type Dims = readonly number[];

/** Multiply-adds of products, from the shapes of the two factors and of the result. */
const PRODUCTS: Readonly<Record<string, (node: NodeProto, x: Dims, w: Dims, y: Dims) => number>> = {
  Conv: (_, _x, w, y) => elementCount(y) * elementCount(w.slice(1)),
  ConvTranspose: (_, x, w) => elementCount(x) * elementCount(w.slice(1)),
  Gemm: (node, x, _w, y) => {
    const isTransposed = new Attributes(node).int("transA", 0) === 1;
    return elementCount(y) * (x.at(isTransposed ? 0 : -1) ?? 1);
  },
  MatMul: (_, x, _w, y) => elementCount(y) * (x.at(-1) ?? 1),
};

/** Of nodes that no rule of locality knows. */
function productMultiplyAdds(node: NodeProto, facts: Facts): number {
  if (weightsInput(node) === undefined) return 0;
  const dims = [node.input[0], node.input[1], node.output[0]]
    .map((name) => facts.get(name)?.dims);
  const [x, w, y] = dims;
  return x && w && y ? PRODUCTS[node.opType!]?.(node, x, w, y) ?? 0 : 0;
}

/** Time of what a whole node computes. */
function wholeTime(node: TracedNode, facts: Facts): number {
  const { locality } = node;
  const elements = elementCount(facts.get(node.node.output[0])?.dims ?? []);
  const work = typeof locality === "string" ? 1 : locality.work;
  return Math.max(wholeMultiplyAdds(node, facts), work * elements);
}

/**
 * Mean time for one position.
 *
 * @param overhead How many times as dear nodes' turns and copies are, beside multiply-adds, as on
 * WASM.
 */
export function layoutTime(
  layout: Layout,
  facts: Facts,
  changes: ReadonlyMap<string, Positions>,
  overhead: number,
): number {
  const ofNode = (laid: LaidNode) => {
    if (!laid.local) return wholeTime(laid, facts);
    const map = changes.get(laid.node.output[0])!;
    const channels = facts.get(laid.node.output[0])!.dims[1];
    const elements = channels * totalArea(map) / positionCount(map);
    return COST.smallMultiplyAdd * laid.local.work * elements;
  };
  const pasted = layout.pastes.map(({ value, spans }) =>
    COST.paste +
    COST.pastedElement * facts.get(value)!.dims[1] * totalArea(spans) / positionCount(spans)
  );
  const sum = (times: readonly number[]) => times.reduce((a, b) => a + b, 0);
  const turns = COST.node * layout.nodes.length;
  return sum(layout.nodes.map(ofNode)) + overhead * (turns + sum(pasted));
}
