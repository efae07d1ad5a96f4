import type { Model } from "./model_file.ts";
import { renamedGraph, withGraph } from "./edit.ts";
import { describeNode } from "./graph_index.ts";
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  NodeProto,
  TensorProto,
} from "./proto/types.ts";
import { UnusableNetworkError } from "./errors.ts";

/** Functions may call functions; deeper than this they call each other in a circle. */
const MAX_DEPTH = 32;

/**
 * Functions that call others twice each double with every level. What is copied (nodes, their
 * attributes, values and stored tensors) is counted; networks have some ten thousand of them.
 */
const MAX_COPIES = 200_000;

/** Bytes of names and tensors that count as much as one copy. */
const BYTES_PER_COPY = 4096;

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
  const sizes = new Map(model.functions.map((item) => [item, sizeOfNodes(item.node)]));
  let copies = 0;
  const spend = (size: number) => {
    copies += size;
    if (copies <= MAX_COPIES) return;
    throw new UnusableNetworkError(
      `Cannot use the model: with its functions in place it has more than ${MAX_COPIES} parts`,
    );
  };
  const expandNode = (node: NodeProto, depth: number): NodeProto[] => {
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
    // Before anything is copied; every copied name also begins with the name of the call.
    const prefix = (prefixOf(node).length + 1) / BYTES_PER_COPY;
    spend(Math.ceil(sizes.get(body)! * (1 + prefix)) + node.attribute.length);
    return bodyOf(node, body).flatMap((inner) => expandNode(inner, depth + 1));
  };
  return { ...withGraph(model, expand(model.graph, 0)), functions: [] };
}

/** What the names inside a function's copy begin with. */
const prefixOf = (node: NodeProto) => node.output.find((name) => name) ?? node.name ?? "";

/** How much is copied with these nodes, in parts. */
function sizeOfNodes(nodes: readonly NodeProto[]): number {
  return nodes.reduce(
    (sum, { input, output, attribute }) =>
      attribute.reduce(
        (parts, { g, t, graphs }) =>
          parts + 1 + (t ? sizeOfTensor(t) : 0) +
          [...g ? [g] : [], ...graphs].reduce((all, graph) => all + sizeOfGraph(graph), 0),
        sum + 1 + input.length + output.length,
      ),
    0,
  );
}

function sizeOfGraph({ node, initializer, input, output }: GraphProto): number {
  const tensors = initializer.reduce((sum, tensor) => sum + sizeOfTensor(tensor), 0);
  return sizeOfNodes(node) + tensors + input.length + output.length;
}

function sizeOfTensor({ rawData, floatData, int32Data, int64Data, doubleData }: TensorProto) {
  const elements = floatData.length + int32Data.length + int64Data.length + doubleData.length;
  return 1 + ((rawData?.length ?? 0) + 8 * elements) / BYTES_PER_COPY;
}

/** The nodes of a function as the call `node` needs them. */
function bodyOf(node: NodeProto, body: FunctionProto): NodeProto[] {
  const prefix = prefixOf(node);
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
