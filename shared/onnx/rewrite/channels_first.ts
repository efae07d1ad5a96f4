import { Attributes, attributes, type AttributeValues } from "../attributes.ts";
import type { Model } from "../decode_model.ts";
import { withGraph } from "../edit.ts";
import { GraphIndex, inputsOf } from "../graph_index.ts";
import { isStandardDomain } from "../opset.ts";
import type { NodeProto } from "../proto/types.ts";
import { renamedGraph } from "../renamed_graph.ts";
import { declaredDims, type Dim } from "../value_info.ts";

/** How many planes an image has: grey, or colours. */
const PLANES: readonly Dim[] = [1, 3];

/**
 * The model with its image as [N, C, H, W] where the file declares [N, H, W, C], as TensorFlow's
 * networks have it; `model` itself otherwise. Only the input changes: a Transpose takes it to the
 * nodes that read it, and those that transpose it to [N, C, H, W] themselves read it as it is.
 */
export function channelsFirst(model: Model): Model {
  const { graph } = model;
  const [image] = new GraphIndex(graph).inputs;
  const info = graph.input.find(({ name }) => name === image);
  const dims = info && declaredDims(info);
  if (dims?.length !== 4 || !PLANES.includes(dims[3]) || PLANES.includes(dims[1])) return model;
  const last = `${image}/channels_last`;
  const node = graph.node.map((item) =>
    isBackTranspose(item, image)
      ? newNode(item, "Identity", [image], item.output)
      : readingOther(item, (name) => name === image ? last : name)
  );
  const isRead = node.some((item) => inputsOf(item).includes(last));
  const toLast = newNode({ name: last }, "Transpose", [image], [last], { perm: [0, 2, 3, 1] });
  const { shape } = info!.type!.tensorType!;
  const [n, height, width, channels] = shape!.dim;
  const tensorType = { ...info!.type!.tensorType, shape: { dim: [n, channels, height, width] } };
  return withGraph(model, {
    node: isRead ? [toLast, ...node] : node,
    input: graph.input.map((value) =>
      value === info ? { ...value, type: { ...value.type, tensorType } } : value
    ),
  });
}

function isBackTranspose(node: NodeProto, image: string): boolean {
  return node.opType === "Transpose" && isStandardDomain(node.domain) &&
    node.input[0] === image && `${new Attributes(node).ints("perm", [])}` === "0,3,1,2";
}

/** A node, with the graphs inside it, that reads values under other names. */
function readingOther(node: NodeProto, rename: (name: string) => string): NodeProto {
  if (!inputsOf(node).some((name) => rename(name) !== name)) return node;
  return {
    ...node,
    input: node.input.map(rename),
    attribute: node.attribute.map((held) =>
      held.g ? { ...held, g: renamedGraph(held.g, rename) } : held
    ),
  };
}

function newNode(
  { name }: Pick<NodeProto, "name">,
  opType: string,
  input: readonly string[],
  output: readonly string[],
  values: AttributeValues = {},
): NodeProto {
  return { opType, name, input, output, attribute: attributes(values), metadataProps: [] };
}
