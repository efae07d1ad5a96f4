import { attribute, Attributes } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { resizeInput, withGraph } from "../edit.ts";
import { GraphIndex } from "../graph_index.ts";
import { int64List, protoOf, tensorOf } from "../tensor_proto.ts";
import type { NodeProto, TensorProto } from "../proto/types.ts";
import { declaredDims } from "../value_info.ts";
import { type Rewritten, unchanged } from "./rewrite_nodes.ts";

/** Operators whose second input is a shape. */
const SHAPED: ReadonlySet<string> = new Set(["Expand", "Reshape"]);

/** Operators that take a stored tensor for each image of the batch. */
const STORED: ReadonlySet<string> = new Set(["Add", "Concat", "Div", "Mul", "Sub"]);

/**
 * The model for one image at once, where the file has another number of them written into its
 * input: shapes that begin with that number begin with 1, and of stored tensors that are the same
 * for each image one is kept.
 *
 * @param image Name of the input, [N, C, H, W].
 */
export function batchOfOne(model: Model, image: string): Rewritten {
  const info = model.graph.input.find(({ name }) => name === image);
  const dims = info && declaredDims(info);
  const batch = dims?.[0];
  if (!dims || dims.length !== 4 || typeof batch !== "number" || batch === 1) {
    return unchanged(model);
  }
  const open = dims.slice(1).map((extent) => typeof extent === "number" ? extent : null);
  const resized = withBatch(model, image, [1, ...open]);
  return {
    model: batch === 0 ? resized : withoutBatch(resized, batch),
    notes: [`It takes ${batch} images at once, and is rewritten for one.`],
  };
}

function withBatch(model: Model, image: string, dims: readonly (number | null)[]): Model {
  const resized = resizeInput(model, image, dims.map((extent) => extent ?? 0));
  if (dims.every((extent) => extent !== null)) return resized;
  return withGraph(resized, {
    input: resized.graph.input.map((info) => {
      if (info.name !== image) return info;
      const dim = dims.map((extent) => extent === null ? {} : { dimValue: extent });
      return { ...info, type: { tensorType: { ...info.type?.tensorType, shape: { dim } } } };
    }),
  });
}

function withoutBatch(model: Model, batch: number): Model {
  const { graph } = model;
  const index = new GraphIndex(graph);
  const changed = new Map<string, TensorProto>();
  const nodes = new Map<NodeProto, NodeProto>();
  const shapeOf = (name: string) => {
    const stored = index.initializers.get(name);
    const made = index.producer(name);
    if (stored) return { tensor: tensorOf(stored), made: undefined };
    const tensor = made?.opType === "Constant" ? new Attributes(made).tensor("value") : undefined;
    return tensor && { tensor, made };
  };
  for (const node of graph.node) {
    const { opType = "" } = node;
    if (SHAPED.has(opType)) {
      const name = node.input[1] ?? "";
      const attributeShape = new Attributes(node).ints("shape");
      if (attributeShape?.[0] === batch) {
        nodes.set(node, {
          ...node,
          attribute: node.attribute.map((held) =>
            held.name === "shape" ? attribute("shape", [1, ...attributeShape.slice(1)]) : held
          ),
        });
      }
      const found = shapeOf(name);
      const shape = found && Array.from(found.tensor.data as BigInt64Array, Number);
      if (!found || shape?.[0] !== batch) continue;
      const list = int64List([1, ...shape.slice(1)]);
      if (!found.made) changed.set(name, protoOf(name, list));
      else nodes.set(found.made, { ...found.made, attribute: [attribute("value", list)] });
    }
    if (!STORED.has(opType)) continue;
    for (const name of node.input) {
      const stored = index.initializers.get(name);
      if (stored?.dims[0] !== batch || stored.dims.length < 2) continue;
      const row = firstRow(stored);
      if (row) changed.set(name, row);
    }
  }
  return withGraph(model, {
    node: graph.node.map((node) => nodes.get(node) ?? node),
    initializer: graph.initializer.map((tensor) => changed.get(tensor.name ?? "") ?? tensor),
  });
}

/** The part for the first image of a tensor that is the same for each; undefined of others. */
function firstRow(stored: TensorProto): TensorProto | undefined {
  const tensor = tensorOf(stored);
  const [batch, ...rest] = tensor.dims;
  const length = tensor.data.length / batch;
  const values = Array.from(tensor.data as ArrayLike<number | bigint>);
  if (!values.every((value, i) => value === values[i % length])) return undefined;
  const data = tensor.data.slice(0, length);
  return protoOf(stored.name ?? "", { ...tensor, dims: [1, ...rest], data } as typeof tensor);
}
