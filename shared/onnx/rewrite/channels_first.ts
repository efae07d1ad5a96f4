import { Attributes, type AttributeValues } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { newNode, renamedGraph, withGraph } from "../edit.ts";
import { GraphIndex, inputsOf } from "../graph_index.ts";
import { int64List, protoOf } from "../tensor_proto.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import type { NodeProto, TensorProto, ValueInfoProto } from "../proto/types.ts";
import { declaredDims, type Dim, valueInfo } from "../value_info.ts";
import { type ImageAxes, imageAxes } from "./image_axes.ts";

/**
 * The model with its image as [N, C, H, W], whatever the order and number of axes that the file
 * takes, such as TensorFlow's [N, H, W, C], [C, H, W] or [H, W]; `model` itself where it is so
 * already. Only the input changes: a Squeeze and a Transpose take it to the nodes that read it, and
 * those that transpose it to [N, C, H, W] themselves read it as it is.
 *
 * @param axes What the image's axes are. @default as they are found
 * @param image Name of the input. @default the first that has to be fed
 */
export function channelsFirst(
  model: Model,
  axes?: ImageAxes,
  image: string = new GraphIndex(model.graph).inputs[0],
): Model {
  const { graph } = model;
  const info = graph.input.find(({ name }) => name === image);
  const known = axes ?? (info && imageAxes(model, image));
  if (!info || !known) return model;
  const { batch, channel, row, column } = known;
  const order = [batch, channel, row, column];
  if (order.every((axis, i) => axis === i)) return withShape(model, info, known, order);
  const turned = `${image}/as_declared`;
  const has = order.filter((axis) => axis !== undefined);
  const missing = order.flatMap((axis, i) => axis === undefined ? [i] : []);
  const node = graph.node.map((item) =>
    missing.length === 0 && isTranspose(item, image, order)
      ? newNode("Identity", [image], item.output)
      : readingOther(item, (name) => name === image ? turned : name)
  );
  const steps: { readonly opType: string; readonly values: AttributeValues }[] = [];
  if (missing.length > 0) steps.push({ opType: "Squeeze", values: { axes: missing } });
  const perm = has.map((_, axis) => has.indexOf(axis));
  if (perm.some((axis, i) => axis !== i)) steps.push({ opType: "Transpose", values: { perm } });
  const isRead = node.some((item) => inputsOf(item).includes(turned));
  const constants: TensorProto[] = [];
  const added = (isRead ? steps : []).map(({ opType, values }, i) => {
    const from = i === 0 ? image : `${turned}/step`;
    const to = i === steps.length - 1 ? turned : `${turned}/step`;
    if (opType === "Transpose" || opsetOf(model) < AXES_ARE_INPUT) {
      return newNode(opType, [from], [to], values);
    }
    const name = `${turned}/axes`;
    constants.push(protoOf(name, int64List(missing)));
    return newNode(opType, [from, name], [to]);
  });
  return withShape(
    withGraph(model, {
      node: [...added, ...node],
      initializer: [...graph.initializer, ...constants],
    }),
    info,
    known,
    order,
  );
}

/** The operator set in which the axes of Squeeze became an input. */
const AXES_ARE_INPUT = 13;

/** The model with the image declared as [N, C, H, W]; `model` itself if it is. */
function withShape(
  model: Model,
  info: ValueInfoProto,
  { planes }: ImageAxes,
  order: readonly (number | undefined)[],
): Model {
  const declared = declaredDims(info);
  const dims = order.map((axis, i): Dim => {
    const extent = axis === undefined ? 1 : declared?.[axis] ?? null;
    return i === 1 && typeof extent !== "number" ? planes ?? extent : extent;
  });
  if (declared?.length === 4 && dims.every((extent, i) => extent === declared[i])) return model;
  const { shape } = valueInfo("", "float32", dims).type!.tensorType!;
  const tensorType = { ...info.type?.tensorType, shape };
  return withGraph(model, {
    input: model.graph.input.map((value) =>
      value === info ? { ...value, type: { ...value.type, tensorType } } : value
    ),
  });
}

/** Whether a node turns the image's axes into [N, C, H, W] itself. */
function isTranspose(
  node: NodeProto,
  image: string,
  order: readonly (number | undefined)[],
): boolean {
  return node.opType === "Transpose" && isStandardDomain(node.domain) &&
    node.input[0] === image && `${new Attributes(node).ints("perm", [])}` === `${order}`;
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
