import type { Model } from "./decode_model.ts";
import { withGraph } from "./edit.ts";
import { describeNode } from "./graph_index.ts";
import type { AttributeProto, FunctionProto, GraphProto, NodeProto } from "./proto/types.ts";
import { renamedGraph } from "./renamed_graph.ts";
import { UnusableNetworkError } from "./unusable_network_error.ts";

/** Functions may call functions; deeper than this they call each other in a circle. */
const MAX_DEPTH = 32;

/** Functions that call others twice each double with every level; networks have some thousands. */
const MAX_NODES = 200_000;

const keyOf = (item: { domain?: string; name?: string; overload?: string }) =>
  JSON.stringify([item.domain ?? "", item.name ?? "", item.overload ?? ""]);

/**
 * The model with the bodies of its own functions in place of their calls, as exporters write them
 * for layers; `model` itself if it has none.
 *
 * @throws {RangeError} If functions call each other in a circle, or far too often.
 */
export function inlineFunctions(model: Model): Model {
  if (model.functions.length === 0) return model;
  const functions = new Map(model.functions.map((item) => [keyOf(item), item]));
  const expand = (graph: GraphProto, depth: number): GraphProto => ({
    ...graph,
    node: graph.node.flatMap((node) => expandNode(node, depth)),
  });
  let made = 0;
  const expandNode = (node: NodeProto, depth: number): NodeProto[] => {
    if (++made > MAX_NODES) {
      throw new UnusableNetworkError(
        `Cannot use the model: with its functions in place it has more than ${MAX_NODES} nodes`,
      );
    }
    const { domain, opType, overload } = node;
    const body = functions.get(keyOf({ domain, name: opType, overload }));
    if (body === undefined) {
      const attribute = node.attribute.map((held) =>
        held.g ? { ...held, g: expand(held.g, depth) } : held
      );
      return [node.attribute.some((held) => held.g) ? { ...node, attribute } : node];
    }
    if (depth > MAX_DEPTH) {
      throw new UnusableNetworkError(`Cannot use the model: ${describeNode(node)} calls itself`);
    }
    return bodyOf(node, body).flatMap((inner) => expandNode(inner, depth + 1));
  };
  return { ...withGraph(model, expand(model.graph, 0)), functions: [] };
}

/** The nodes of a function as the call `node` needs them. */
function bodyOf(node: NodeProto, body: FunctionProto): NodeProto[] {
  const prefix = node.output.find((name) => name) ?? node.name ?? "";
  const names = new Map<string, string>([["", ""]]);
  body.input.forEach((name, i) => names.set(name, node.input[i] ?? ""));
  body.output.forEach((name, i) => {
    if (node.output[i]) names.set(name, node.output[i]);
  });
  const rename = (name: string) => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const fresh = `${prefix}/${name}`;
    names.set(name, fresh);
    return fresh;
  };
  const given = new Map(
    [...body.attributeProto, ...node.attribute].map((held) => [held.name, held]),
  );
  const fill = (held: AttributeProto): AttributeProto[] => {
    if (held.g) return [{ ...held, g: renamedGraph(held.g, rename) }];
    if (!held.refAttrName) return [held];
    const value = given.get(held.refAttrName);
    return value ? [{ ...value, name: held.name }] : [];
  };
  return body.node.map((inner) => ({
    ...inner,
    name: `${prefix}/${inner.name || inner.output[0]}`,
    input: inner.input.map(rename),
    output: inner.output.map(rename),
    attribute: inner.attribute.flatMap(fill),
  }));
}
