import { DataType } from "../data_type.ts";
import type { Model } from "../model_file.ts";
import { withGraph } from "../edit.ts";
import { GraphIndex } from "../graph_index.ts";
import type {
  AttributeProto,
  GraphProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from "../proto/types.ts";
import { protoOf, tensorOf, toFloat32 } from "../tensor_proto.ts";

/** Attributes that name the element type of what a node makes. */
const TYPE_ATTRIBUTES: ReadonlySet<string> = new Set(["to", "dtype", "output_dtype"]);

/**
 * The model with float32 in the place of half precision, in which it is only stored to be small,
 * and of double precision where the image itself has it; `model` itself if there is none.
 */
export function inFloat32(model: Model): Model {
  const { graph } = model;
  const [image] = new GraphIndex(graph).inputs;
  const isDouble = typeOf(graph.input.find(({ name }) => name === image)) === DataType.float64;
  const types = new Set<number>([DataType.float16, ...isDouble ? [DataType.float64] : []]);
  if (!usesAny(model, types)) return model;
  return {
    ...withGraph(model, graphInFloat32(graph, types)),
    functions: model.functions.map((body) => ({
      ...body,
      node: body.node.map((node) => nodeInFloat32(node, types)),
    })),
  };
}

/** The element types that become float32. */
type Types = ReadonlySet<number>;

const typeOf = (info: ValueInfoProto | undefined) => info?.type?.tensorType?.elemType;

function usesAny({ graph, functions }: Model, types: Types): boolean {
  const inNodes = (nodes: readonly NodeProto[]): boolean =>
    nodes.some(({ attribute }) =>
      attribute.some((held) =>
        types.has(held.t?.dataType ?? 0) || isTypeOf(held, types) || (held.g && inGraph(held.g))
      )
    );
  const inGraph = ({ node, initializer, input }: GraphProto): boolean =>
    initializer.some(({ dataType = 0 }) => types.has(dataType)) ||
    input.some((info) => types.has(typeOf(info) ?? 0)) || inNodes(node);
  return inGraph(graph) || functions.some(({ node }) => inNodes(node));
}

const isTypeOf = ({ name = "", i }: AttributeProto, types: Types) =>
  TYPE_ATTRIBUTES.has(name) && i !== undefined && types.has(Number(i));

function graphInFloat32(graph: GraphProto, types: Types): GraphProto {
  const values = (infos: readonly ValueInfoProto[]) =>
    infos.map((info) => valueInFloat32(info, types));
  return {
    ...graph,
    node: graph.node.map((node) => nodeInFloat32(node, types)),
    initializer: graph.initializer.map((tensor) => tensorInFloat32(tensor, types)),
    input: values(graph.input),
    output: values(graph.output),
    valueInfo: values(graph.valueInfo),
  };
}

function nodeInFloat32(node: NodeProto, types: Types): NodeProto {
  const attribute = node.attribute.map((held): AttributeProto => {
    if (held.g) return { ...held, g: graphInFloat32(held.g, types) };
    if (held.t) return { ...held, t: tensorInFloat32(held.t, types) };
    return isTypeOf(held, types) ? { ...held, i: BigInt(DataType.float32) } : held;
  });
  return { ...node, attribute };
}

function tensorInFloat32(tensor: TensorProto, types: Types): TensorProto {
  const { name = "", dataType = 0 } = tensor;
  return types.has(dataType) ? protoOf(name, toFloat32(tensorOf(tensor), name)) : tensor;
}

function valueInFloat32(info: ValueInfoProto, types: Types): ValueInfoProto {
  if (!types.has(typeOf(info) ?? 0)) return info;
  const tensorType = { ...info.type!.tensorType, elemType: DataType.float32 };
  return { ...info, type: { ...info.type, tensorType } };
}
