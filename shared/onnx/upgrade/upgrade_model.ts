import type { Tensor } from "../../tensor/tensor.ts";
import { attribute, Attributes, attributes, type AttributeValues } from "../attributes.ts";
import type { Model } from "../decode_model.ts";
import { withGraph } from "../edit.ts";
import { describeNode } from "../graph_index.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import type { GraphProto, NodeProto } from "../proto/types.ts";
import { UPGRADES } from "./upgrades.ts";

/** The oldest operator set that the rest of the library has to know. */
export const CANONICAL_OPSET = 18;

/** What an upgrade of one node works with. */
export interface UpgradeScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  /** Version the node is written for. */
  readonly opset: number;
  /** A new constant, as the value's name. */
  constant(tensor: Tensor): string;
  /** A list of integers as a new constant. */
  ints(values: readonly number[]): string;
  /** A new intermediate node with one output, as that output's name. */
  op(opType: string, inputs: readonly string[], values?: AttributeValues): string;
  /** Replaces the node; its outputs keep their names. */
  replace(opType: string, inputs: readonly string[], values?: AttributeValues): void;
  /** Replaces the inputs and drops the attributes `dropped`, which became inputs or had no use. */
  rewrite(inputs: readonly string[], dropped: readonly string[], added?: AttributeValues): void;
}

/** Rewrites one node for {@linkcode CANONICAL_OPSET}. */
export type Upgrade = (scope: UpgradeScope) => void;

/**
 * The same model written for operator set 18, or `model` itself if it already is for 18 or later:
 * everything after needs to know one form of each operator. Value names stay as they are.
 *
 * @throws {RangeError} If the operator set is older than 7, or a node uses a form that was removed.
 */
export function upgradeModel(model: Model): Model {
  const opset = opsetOf(model);
  if (opset >= CANONICAL_OPSET) return model;
  if (opset < 7) {
    throw new RangeError(
      `Cannot use the model: its operator set ${opset} is older than 7; convert it first`,
    );
  }
  return {
    ...withGraph(model, upgradeGraph(model.graph, opset)),
    opsetImport: model.opsetImport.map((entry) =>
      isStandardDomain(entry.domain) ? { ...entry, version: CANONICAL_OPSET } : entry
    ),
    irVersion: Math.max(model.irVersion ?? 0, 8),
  };
}

function upgradeGraph(graph: GraphProto, opset: number): GraphProto {
  return { ...graph, node: graph.node.flatMap((node) => upgradeNode(node, opset)) };
}

function upgradeNode(node: NodeProto, opset: number): NodeProto[] {
  const hasGraphs = node.attribute.some((held) => held.g);
  const inner = !hasGraphs ? node : {
    ...node,
    attribute: node.attribute.map((held) =>
      held.g ? { ...held, g: upgradeGraph(held.g, opset) } : held
    ),
  };
  const row = isStandardDomain(node.domain) ? UPGRADES[node.opType ?? ""] : undefined;
  if (row === undefined || opset >= row.since) return [inner];
  const made: NodeProto[] = [];
  let result: NodeProto = inner;
  const stem = node.output.find((name) => name) ?? node.name ?? "";
  const fresh = () => `${stem}/upgraded_${made.length}`;
  const scope: UpgradeScope = {
    node,
    attributes: new Attributes(node),
    opset,
    constant: (tensor) => scope.op("Constant", [], { value: tensor }),
    ints: (values) =>
      scope.constant({
        type: "int64",
        dims: [values.length],
        data: BigInt64Array.from(values, BigInt),
      }),
    op(opType, inputs, values = {}) {
      const output = fresh();
      made.push(newNode(opType, inputs, [output], values));
      return output;
    },
    replace(opType, inputs, values = {}) {
      result = { ...newNode(opType, inputs, node.output, values), name: node.name };
    },
    rewrite(inputs, dropped, added = {}) {
      const kept = node.attribute.filter((held) => !dropped.includes(held.name ?? ""));
      const extra = Object.entries(added).flatMap(([name, value]) =>
        value === undefined ? [] : [attribute(name, value)]
      );
      result = { ...node, input: inputs, attribute: [...kept, ...extra] };
    },
  };
  try {
    row.upgrade(scope);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError(
      `Cannot use ${describeNode(node)} of operator set ${opset}: ${error.message}`,
    );
  }
  return [...made, result];
}

function newNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  values: AttributeValues,
): NodeProto {
  return {
    opType,
    name: output[0],
    input,
    output,
    attribute: attributes(values),
    metadataProps: [],
  };
}
