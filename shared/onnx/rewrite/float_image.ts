import { Attributes } from "../attributes.ts";
import { DataType } from "../data_type.ts";
import type { Model } from "../model_file.ts";
import { newNode, withGraph } from "../edit.ts";
import { GraphIndex } from "../graph_index.ts";
import { operatorOf } from "../operators.ts";
import type { NodeProto, ValueInfoProto } from "../proto/types.ts";
import { declaredDims, declaredType, valueInfo } from "../value_info.ts";
import { type Rewritten, unchanged } from "./rewrite_nodes.ts";

/** Element types of which a float32 holds every level of an image. */
const INTEGERS: ReadonlySet<string> = new Set(
  ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"],
);

/** Element types of real numbers. */
const FLOATS: ReadonlySet<number> = new Set([DataType.float32, DataType.float16, DataType.float64]);

/**
 * The model with an image of float32 in the place of integers, so that what it computes can be
 * differentiated: what only moves levels moves floats, the Cast to floats behind it is cut off, and
 * quantised levels become numbers. What needs integers gets them by a Cast.
 *
 * @param image Name of the input.
 */
export function floatImage(model: Model, image: string): Rewritten {
  const { graph } = model;
  const info = graph.input.find(({ name }) => name === image);
  const type = info && declaredType(info);
  if (!info || type === undefined || !INTEGERS.has(type)) return unchanged(model);
  const index = new GraphIndex(graph);
  /** Tensors that were of integers, and are of floats now. */
  const floats = new Set([image]);
  const node = index.order.flatMap((item): NodeProto[] => {
    const read = item.input.filter((name) => floats.has(name));
    if (read.length === 0) return [item];
    if (moves(item) && item.input.slice(1).every((name) => !floats.has(name))) {
      for (const name of item.output) floats.add(name);
      return [item];
    }
    if (item.opType === "Cast" && FLOATS.has(new Attributes(item).int("to", 0))) {
      return [newNode("Cast", read, item.output, { to: new Attributes(item).int("to", 1) })];
    }
    if (item.opType === "DequantizeLinear" && item.input[0] === read[0]) return dequantized(item);
    if (item.opType === "Shape" || item.opType === "Size") return [item];
    const casts = [...new Set(read)].map((name) =>
      newNode("Cast", [name], [`${name}/${type}/${item.output[0]}`], {
        to: DataType[type as "uint8"],
      })
    );
    const input = item.input.map((name) =>
      floats.has(name) ? `${name}/${type}/${item.output[0]}` : name
    );
    return [...casts, { ...item, input }];
  });
  const changed = withGraph(model, {
    node,
    input: graph.input.map((value) => value === info ? floatInfo() : value),
    // What the file says of tensors that were of integers is not true any more.
    valueInfo: graph.valueInfo.filter(({ name = "" }) => !floats.has(name)),
    output: graph.output.map((value) =>
      floats.has(value.name ?? "")
        ? valueInfo(value.name ?? "", "float32", declaredDims(value))
        : value
    ),
  });
  return {
    model: changed,
    notes: [`It takes an image of ${type}, and is fed float32 with the same levels.`],
  };

  function floatInfo(): ValueInfoProto {
    const tensorType = { ...info!.type!.tensorType, elemType: DataType.float32 };
    return { ...info!, type: { ...info!.type, tensorType } };
  }
}

/** Whether a node only moves the elements of its first input, whatever their type. */
function moves(node: NodeProto): boolean {
  const { opType = "" } = node;
  const isCast = opType === "Cast" || opType === "CastLike" || opType === "Dropout";
  const operator = operatorOf(node);
  if (!operator || isCast) return false;
  return operator.kind === "view" || opType === "Identity" ||
    ["Gather", "Slice", "Split", "DepthToSpace", "SpaceToDepth"].includes(opType);
}

/** (q - zero point) * scale; the zero point is stored as integers. */
function dequantized(node: NodeProto): NodeProto[] {
  const [q, scale, zero] = node.input;
  const [y] = node.output;
  if (!zero) return [newNode("Mul", [q, scale], [y])];
  return [
    newNode("Cast", [zero], [`${y}/zero`], { to: DataType.float32 }),
    newNode("Sub", [q, `${y}/zero`], [`${y}/less`]),
    newNode("Mul", [`${y}/less`, scale], [y]),
  ];
}
