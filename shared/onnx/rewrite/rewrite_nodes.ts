import type { Tensor } from "../../tensor/tensor.ts";
import { attribute, Attributes, type AttributeValues } from "../attributes.ts";
import { int64List, tensorOf } from "../tensor_proto.ts";
import { newNode } from "../edit.ts";
import type { GraphProto, NodeProto, TensorProto } from "../proto/types.ts";
import type { Model } from "../model_file.ts";

/** What the rewrite of one node works with. */
export interface RewriteScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  /** A new constant, as the value's name. */
  constant(tensor: Tensor): string;
  /** A list of integers as a new constant. */
  ints(values: readonly number[]): string;
  /** A tensor that is stored in the graph. */
  stored(name: string): Tensor | undefined;
  /**
   * A new node with one output, as that output's name.
   *
   * @param output One of the node's own outputs. @default a new name
   */
  op(
    opType: string,
    inputs: readonly string[],
    values?: AttributeValues,
    output?: string,
  ): string;
  /** A new intermediate node with several outputs, as their names. */
  ops(opType: string, inputs: readonly string[], outputs: readonly string[]): readonly string[];
  /**
   * Puts another operator in the node's place; its outputs keep their names.
   *
   * @param outputs How many of them it makes. @default all
   */
  replace(
    opType: string,
    inputs: readonly string[],
    values?: AttributeValues,
    outputs?: number,
  ): void;
  /** Gives the node other inputs, drops the attributes `dropped` and sets those in `set`. */
  rewrite(inputs: readonly string[], dropped: readonly string[], set?: AttributeValues): void;
  /** Leaves the node, but for the outputs that were made otherwise: those get other names. */
  keepOthers(made: readonly string[]): void;
  /** Drops the node: all its outputs were made otherwise. */
  drop(): void;
}

/** Rewrites one node; a rewrite that calls neither `replace` nor `rewrite` leaves it as it is. */
export type Rewrite = (scope: RewriteScope) => void;

/**
 * A graph in which `choose` says for each node how it is rewritten, if at all; subgraphs included.
 * Value names stay as they are, so that everything outside still finds them.
 */
export function rewriteNodes(
  graph: GraphProto,
  choose: (node: NodeProto) => Rewrite | undefined,
): GraphProto {
  let tensors: ReadonlyMap<string | undefined, TensorProto> | undefined;
  const stored = (name: string) => {
    tensors ??= new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    const found = tensors.get(name);
    return found && tensorOf(found);
  };
  return { ...graph, node: graph.node.flatMap((node) => rewriteNode(node, choose, stored)) };
}

function rewriteNode(
  node: NodeProto,
  choose: (node: NodeProto) => Rewrite | undefined,
  stored: RewriteScope["stored"],
): NodeProto[] {
  const hasGraphs = node.attribute.some((held) => held.g);
  const inner: NodeProto = !hasGraphs ? node : {
    ...node,
    attribute: node.attribute.map((held) =>
      held.g ? { ...held, g: rewriteNodes(held.g, choose) } : held
    ),
  };
  const rewrite = choose(node);
  if (rewrite === undefined) return [inner];
  const made: NodeProto[] = [];
  let result: NodeProto | undefined = inner;
  const stem = node.output.find((name) => name) ?? node.name ?? "";
  const scope: RewriteScope = {
    node,
    attributes: new Attributes(node),
    constant: (tensor) => scope.op("Constant", [], { value: tensor }),
    ints: (values) => scope.constant(int64List(values)),
    stored,
    op(opType, inputs, values = {}, output = `${stem}/rewritten_${made.length}`) {
      made.push(newNode(opType, inputs, [output], values));
      return output;
    },
    ops(opType, inputs, outputs) {
      made.push(newNode(opType, inputs, outputs));
      return outputs;
    },
    replace(opType, inputs, values = {}, outputs = node.output.length) {
      const made = node.output.slice(0, outputs);
      result = { ...newNode(opType, inputs, made, values), name: node.name };
    },
    rewrite(inputs, dropped, set = {}) {
      const gone = [...dropped, ...Object.keys(set)];
      const kept = node.attribute.filter((held) => !gone.includes(held.name ?? ""));
      const added = Object.entries(set).flatMap(([name, value]) =>
        value === undefined ? [] : [attribute(name, value)]
      );
      result = { ...node, input: inputs, attribute: [...kept, ...added] };
    },
    keepOthers(made) {
      const output = node.output.map((name) => made.includes(name) ? `${name}/fused` : name);
      result = { ...inner, output };
    },
    drop() {
      result = undefined;
    },
  };
  rewrite(scope);
  return result ? [...made, result] : made;
}

/** A model that was rewritten, and what a person should know of it: one sentence each. */
export interface Rewritten {
  readonly model: Model;
  readonly notes: readonly string[];
}

/** A model with nothing to say about it. */
export const unchanged = (model: Model): Rewritten => ({ model, notes: [] });

/** `"a", "b", "c" and 4 more`: names of tensors or nodes in a sentence. */
export function someNames(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).map((name) => `"${name}"`).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
