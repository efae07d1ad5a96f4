import { Attributes } from "../attributes.ts";
import { newNode, own, withGraph } from "../edit.ts";
import type { Model } from "../model_file.ts";
import { inputsOf } from "../graph_index.ts";
import { int64List } from "../tensor_proto.ts";
import { isStandardDomain } from "../opset.ts";
import type { NodeProto } from "../proto/types.ts";
import { type Fact, normalizeAxis } from "../shape/fact.ts";

/** What the rewrite of one node of a sequence sees. */
interface Scope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  readonly facts: ReadonlyMap<string, Fact>;
  /** What new names begin with. */
  readonly stem: string;
  /** The tensors of the sequence that input `i` is; undefined where they are not known. */
  list(i: number): readonly string[] | undefined;
}

/** Tensors of the sequence a node makes, and the nodes that make what it gives otherwise. */
interface Known {
  readonly list?: readonly string[];
  readonly nodes?: readonly NodeProto[];
}

/** A row of the table; undefined where a length or position is only known at run time. */
type Rule = (scope: Scope) => Known | undefined;

const ints = (name: string, values: readonly number[]) =>
  newNode("Constant", [], [name], { value: int64List(values) });

/** The position that input `i` names, counted from the front; `fallback` where it is left out. */
function positionOf(
  { node, facts }: Scope,
  i: number,
  length: number,
  fallback: number,
): number | undefined {
  if (!node.input[i]) return fallback;
  const at = facts.get(node.input[i])?.value?.[0];
  return at !== undefined && at < 0 ? at + length : at;
}

/** Extents of the parts that a SplitToSequence makes. */
function partsOf({ node, facts }: Scope, total: number): readonly number[] | undefined {
  if (!node.input[1]) return new Array<number>(total).fill(1);
  const split = facts.get(node.input[1]);
  if (split?.value === undefined) return undefined;
  const [size] = split.value;
  if (split.dims.length > 0) return split.value;
  const count = size > 0 ? Math.ceil(total / size) : 0;
  return Array.from({ length: count }, (_, i) => Math.min(size, total - i * size));
}

const splitToSequence: Rule = (scope) => {
  const { node, attributes, facts, stem } = scope;
  const dims = facts.get(node.input[0])?.dims;
  if (dims === undefined) return undefined;
  const axis = normalizeAxis(attributes.int("axis", 0), dims.length);
  const sizes = partsOf(scope, dims[axis]);
  if (sizes === undefined || sizes.length === 0) return undefined;
  const parts = sizes.map((_, i) => `${stem}/part_${i}`);
  const sized = ints(`${stem}/sizes`, sizes);
  const split = newNode("Split", [node.input[0], `${stem}/sizes`], parts, { axis });
  // One element each, without the axis.
  if (node.input[1] || attributes.int("keepdims", 1) === 1) {
    return { list: parts, nodes: [sized, split] };
  }
  const list = parts.map((part) => `${part}/squeezed`);
  const squeezed = parts.map((part, i) => newNode("Squeeze", [part, `${stem}/axis`], [list[i]]));
  return { list, nodes: [sized, split, ints(`${stem}/axis`, [axis]), ...squeezed] };
};

const sequenceInsert: Rule = (scope) => {
  const list = scope.list(0);
  const at = list && positionOf(scope, 2, list.length, list.length);
  return at === undefined ? undefined : { list: list!.toSpliced(at, 0, scope.node.input[1]) };
};

const sequenceErase: Rule = (scope) => {
  const list = scope.list(0);
  const at = list && positionOf(scope, 1, list.length, list.length - 1);
  return at === undefined ? undefined : { list: list!.toSpliced(at, 1) };
};

/** The element at a position, under the name of the node's output. */
const sequenceAt: Rule = (scope) => {
  const { node } = scope;
  const list = scope.list(0);
  const at = list && positionOf(scope, 1, list.length, 0);
  const element = at === undefined ? undefined : list![at];
  return element === undefined
    ? undefined
    : { nodes: [newNode("Identity", [element], node.output)] };
};

const concatFromSequence: Rule = (scope) => {
  const { node, attributes } = scope;
  const list = scope.list(0);
  if (list === undefined || list.length === 0) return undefined;
  const axis = attributes.int("axis", 0);
  if (attributes.int("new_axis", 0) === 0) {
    return { nodes: [newNode("Concat", list, node.output, { axis })] };
  }
  const stem = node.output[0];
  const wide = list.map((_, i) => `${stem}/part_${i}`);
  const unsqueezed = list.map((part, i) => newNode("Unsqueeze", [part, `${stem}/axis`], [wide[i]]));
  return {
    nodes: [
      ints(`${stem}/axis`, [axis]),
      ...unsqueezed,
      newNode("Concat", wide, node.output, { axis }),
    ],
  };
};

const sequenceLength: Rule = ({ node, list }) => {
  const length = list(0)?.length;
  if (length === undefined) return undefined;
  const value = { type: "int64" as const, dims: [], data: BigInt64Array.of(BigInt(length)) };
  return { nodes: [newNode("Constant", [], node.output, { value })] };
};

const RULES: Readonly<Record<string, Rule>> = {
  ConcatFromSequence: concatFromSequence,
  SequenceAt: sequenceAt,
  SequenceConstruct: ({ node }) => ({ list: node.input }),
  SequenceEmpty: () => ({ list: [] }),
  SequenceErase: sequenceErase,
  SequenceInsert: sequenceInsert,
  SequenceLength: sequenceLength,
  SplitToSequence: splitToSequence,
};

/** The operators that make or read sequences, by name. */
export const SEQUENCE_OPERATORS: readonly string[] = Object.keys(RULES);

const ruleOf = ({ opType, domain }: NodeProto) =>
  isStandardDomain(domain) ? own(RULES, opType) : undefined;

/**
 * The sequences of tensors of a model, as exporters write `split`, `chunk` and `unbind`: whose
 * elements are known can be read without the sequence. What is not known stays.
 */
export class KnownSequences {
  readonly #lists = new Map<string, readonly string[]>();
  /** Nodes that make elements. */
  readonly #made = new Set<NodeProto>();
  readonly #names: ReadonlySet<string>;

  constructor({ graph }: Model) {
    this.#names = new Set(graph.node.flatMap(({ output }) => output));
  }

  /** The nodes that make a node's outputs, or its elements, without sequences; undefined of others. */
  inPlaceOf(node: NodeProto, facts: ReadonlyMap<string, Fact>): readonly NodeProto[] | undefined {
    const known = ruleOf(node)?.({
      node,
      attributes: new Attributes(node),
      facts,
      stem: this.#stemOf(node),
      list: (i) => this.#lists.get(node.input[i] ?? ""),
    });
    if (known?.list === undefined) return known?.nodes;
    this.#lists.set(node.output[0], known.list);
    for (const made of known.nodes ?? []) this.#made.add(made);
    // Who cannot tell a position still reads the sequence.
    return [...known.nodes ?? [], node];
  }

  /** Whether a node is one that has been looked at before. */
  has(node: NodeProto): boolean {
    return this.#lists.has(node.output[0] ?? "");
  }

  /** Another than before where a sequence stays in a model that is rewritten once more. */
  #stemOf({ output: [name] }: NodeProto): string {
    let stem = name;
    while (this.#names.has(`${stem}/sizes`)) stem += "/again";
    return stem;
  }

  /** The model without the sequences, and the elements of them, that nobody reads. */
  withoutUnread(model: Model): Model {
    const read = new Set(model.graph.output.map(({ name = "" }) => name));
    const node: NodeProto[] = [];
    for (const item of model.graph.node.toReversed()) {
      const isOurs = ruleOf(item) !== undefined || this.#made.has(item);
      if (isOurs && !item.output.some((name) => read.has(name))) continue;
      for (const name of inputsOf(item)) read.add(name);
      node.push(item);
    }
    return withGraph(model, { node: node.reverse() });
  }
}

/** Whether a model makes sequences. */
export const hasSequences = ({ graph }: Model): boolean =>
  graph.node.some((node) => ruleOf(node) !== undefined);
