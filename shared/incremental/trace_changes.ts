import {
  Attributes,
  type Fact,
  GraphIndex,
  inputsOf,
  type Model,
  type NodeProto,
} from "../onnx/mod.ts";
import type { Locality } from "./locality.ts";
import { ruleOf } from "./rules.ts";
import type { Span } from "./span.ts";

/** Where the occluder is: the spans of each row and of each column of positions. */
export type Positions = readonly [rows: readonly Span[], columns: readonly Span[]];

/** A node on the way of a change through the network. */
export interface TracedNode {
  readonly node: NodeProto;
  /** The inputs that change. */
  readonly changed: readonly string[];
  /** How it is computed on a part of its maps, or why it cannot be. */
  readonly locality: Locality | string;
}

/** What a change of the image does to a network. */
export interface Trace {
  readonly index: GraphIndex;
  /** The nodes that the outputs need and that the image changes, in running order. */
  readonly nodes: readonly TracedNode[];
  /** Where each map changes, by position; only of maps that change in a part at most. */
  readonly changes: ReadonlyMap<string, Positions>;
  /** All values that change. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Follows a change of the input through the network: forward receptive-field arithmetic, exact
 * where strides step over nothing.
 *
 * @param positions Spans of the input's rows and columns.
 */
export function traceChanges(
  model: Model,
  facts: ReadonlyMap<string, Fact>,
  input: string,
  positions: Positions,
  outputs: readonly string[],
): Trace {
  const index = new GraphIndex(model.graph);
  const changed = new Set([input]);
  const changes = new Map<string, Positions>([[input, positions]]);
  const nodes: TracedNode[] = [];
  for (const node of index.ancestors(outputs)) {
    const read = inputsOf(node).filter((name) => changed.has(name));
    // What follows from shapes alone stays as it is, though it is computed from the image's.
    const isKnown = node.output.every((name) => name === "" || facts.get(name)?.value);
    if (read.length === 0 || isKnown) continue;
    for (const name of node.output) if (name !== "") changed.add(name);
    const names = [...new Set(read)];
    const locality = localityOf(node, facts, index, changed, changes);
    nodes.push({ node, changed: names, locality });
    if (typeof locality === "string") continue;
    const spans = ([0, 1] as const).map((axis) =>
      positions[axis].map((_, at) =>
        locality.changes(axis, names.map((name) => changes.get(name)![axis][at]))
      )
    );
    changes.set(node.output[0], [spans[0], spans[1]]);
  }
  return { index, nodes, changes, changed };
}

function localityOf(
  node: NodeProto,
  facts: ReadonlyMap<string, Fact>,
  index: GraphIndex,
  changed: ReadonlySet<string>,
  changes: ReadonlyMap<string, Positions>,
): Locality | string {
  const rule = ruleOf(node);
  if (rule === undefined) return `${node.opType} looks at the whole map`;
  const whole = inputsOf(node).find((name) => changed.has(name) && !changes.has(name));
  if (whole !== undefined) return `"${whole}" changes everywhere`;
  const read = inputsOf(node).filter((name) => changed.has(name));
  const notFloat = [...read, node.output[0]].find((name) => facts.get(name)?.type !== "float32");
  if (notFloat !== undefined) return `"${notFloat}" is not known to be float32`;
  const second = node.output.slice(1).find((name) => name !== "" && index.consumers(name).length);
  if (second !== undefined) return `its second output "${second}" is read`;
  return rule({
    node,
    attributes: new Attributes(node),
    input: (i) => facts.get(node.input[i] ?? ""),
    isChanged: (i) => changed.has(node.input[i] ?? ""),
    output: facts.get(node.output[0])!,
  });
}
