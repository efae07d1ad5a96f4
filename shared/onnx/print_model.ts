import { dataTypeName } from "./data_type.ts";
import type { Model } from "./model_file.ts";
import { GraphIndex } from "./graph_index.ts";
import { isStandardDomain } from "./opset.ts";
import {
  type AttributeProto,
  AttributeType,
  type NodeProto,
  type ValueInfoProto,
} from "./proto/types.ts";
import { declaredDims, declaredType } from "./value_info.ts";

const utf8 = new TextDecoder();

/** How each attribute type is printed. */
const PRINTERS: Readonly<Record<number, (held: AttributeProto) => string>> = {
  [AttributeType.float]: (held) => String(held.f ?? 0),
  [AttributeType.int]: (held) => String(held.i ?? 0),
  [AttributeType.string]: (held) => JSON.stringify(utf8.decode(held.s ?? new Uint8Array())),
  [AttributeType.tensor]: (held) => `${dataTypeName(held.t?.dataType)}[${held.t?.dims ?? ""}]`,
  [AttributeType.graph]: (held) => `graph of ${held.g?.node.length ?? 0} nodes`,
  [AttributeType.floats]: (held) => `[${held.floats.join(", ")}]`,
  [AttributeType.ints]: (held) => `[${held.ints.join(", ")}]`,
  [AttributeType.strings]: (held) => JSON.stringify(held.strings.map((s) => utf8.decode(s))),
};

function printAttribute(held: AttributeProto): string {
  const print = PRINTERS[held.type ?? 0];
  return `${held.name}=${print ? print(held) : "..."}`;
}

function printNode(node: NodeProto): string {
  const domain = isStandardDomain(node.domain) ? "" : `${node.domain}.`;
  const attributes = node.attribute.length === 0
    ? ""
    : ` <${node.attribute.map(printAttribute).join(", ")}>`;
  return `${node.output.join(", ")} = ${domain}${node.opType}(${
    node.input.join(", ")
  })${attributes}`;
}

function printValue(info: ValueInfoProto): string {
  const dims = declaredDims(info);
  const shape = dims === undefined ? "" : `[${dims.map((dim) => dim ?? "?").join(", ")}]`;
  return `${info.name}: ${declaredType(info)}${shape}`;
}

/**
 * A model as text, one line a node in the order they run, for people and for snapshots. Weights
 * are shown by type and shape alone.
 */
export function printModel(model: Model): string {
  const { graph } = model;
  const opsets = model.opsetImport.map(({ domain, version }) =>
    `${domain || "ai.onnx"} ${version}`
  );
  const weights = graph.initializer.map((tensor) =>
    `weight ${tensor.name}: ${dataTypeName(tensor.dataType)}[${tensor.dims.join(", ")}]`
  );
  return [
    `opset ${opsets.join(", ")}`,
    ...graph.input.map((info) => `input ${printValue(info)}`),
    ...weights,
    ...new GraphIndex(graph).order.map(printNode),
    ...graph.output.map((info) => `output ${printValue(info)}`),
    "",
  ].join("\n");
}
