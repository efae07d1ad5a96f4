import { InputError } from "../../errors.ts";
import {
  declaredDims,
  declaredType,
  type Dim,
  GraphIndex,
  type Model,
  protoOf,
  type ValueInfoProto,
  withGraph,
} from "../../onnx/mod.ts";
import type { ElementType, Tensor } from "../../tensor/tensor.ts";

/** Arrays that numbers of other types are converted to. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/**
 * The model with tensors stored in the place of some of its inputs, so that the image is the only
 * one left. Numbers are converted to the input's type.
 *
 * @param feeds By the names of inputs.
 * @throws {InputError} If there is no such input, or a tensor does not fit it.
 */
export function feedInputs(model: Model, feeds: Readonly<Record<string, Tensor>>): Model {
  const given = Object.entries(feeds);
  if (given.length === 0) return model;
  const { graph } = model;
  const stored = given.map(([name, tensor]) => {
    const info = graph.input.find((value) => value.name === name);
    if (!info) {
      throw new InputError(
        `Cannot feed "${name}": there is no input of that name; its inputs are ${inputsOf(model)}`,
      );
    }
    return protoOf(name, fitting(tensor, info));
  });
  const kept = graph.initializer.filter(({ name = "" }) => !Object.hasOwn(feeds, name));
  return withGraph(model, {
    input: graph.input.filter(({ name = "" }) => !Object.hasOwn(feeds, name)),
    initializer: [...kept, ...stored],
  });
}

function fitting(tensor: Tensor, info: ValueInfoProto): Tensor {
  const { name = "" } = info;
  const dims = declaredDims(info);
  const fits = !dims ||
    dims.length === tensor.dims.length &&
      dims.every((extent, i) => typeof extent !== "number" || extent === tensor.dims[i]);
  if (!fits) {
    throw new InputError(
      `Cannot feed "${name}": the tensor has shape [${tensor.dims}], expected ${shapeOf(dims)}`,
    );
  }
  const type = declaredType(info);
  if (type === tensor.type) return tensor;
  const values = Array.from(tensor.data as ArrayLike<number | bigint>);
  if (type === "int64") {
    const data = BigInt64Array.from(values, (value) => BigInt(Math.trunc(Number(value))));
    return { type, dims: tensor.dims, data };
  }
  if (!Object.hasOwn(ARRAYS, type)) {
    throw new InputError(`Cannot feed "${name}": it takes ${type}, the tensor is ${tensor.type}`);
  }
  const data = new ARRAYS[type as keyof typeof ARRAYS](values.map(Number));
  return { type: type as ElementType, dims: tensor.dims, data } as Tensor;
}

/** `"image" float32 [1,3,32,32] and "age" float32 [1,1]`: the inputs that have to be fed. */
export function inputsOf({ graph }: Model): string {
  return new GraphIndex(graph).inputs.map((name) => {
    const info = graph.input.find((value) => value.name === name)!;
    return `"${name}" ${declaredType(info)} ${shapeOf(declaredDims(info))}`;
  }).join(" and ");
}

const shapeOf = (dims: readonly Dim[] | undefined) =>
  dims ? `[${dims.map((extent) => extent ?? "?")}]` : "of any shape";

/** The input that an image goes into: the named one, else the first that can be one. */
export function imageName({ graph }: Model, stated?: string): string | undefined {
  if (stated !== undefined) return stated;
  const { inputs } = new GraphIndex(graph);
  const ranks = (name: string) => {
    const info = graph.input.find((value) => value.name === name);
    return info && declaredDims(info)?.length;
  };
  return inputs.find((name) => ranks(name) === 4) ?? inputs.find((name) => ranks(name) === 3) ??
    inputs[0];
}
