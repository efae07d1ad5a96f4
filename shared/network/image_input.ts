import { InputError } from "../errors.ts";
import {
  declaredDims,
  declaredType,
  type Dim,
  GraphIndex,
  inferShapes,
  type Model,
  upgradeModel,
} from "../onnx/mod.ts";
import { imageName, inputsOf } from "./open/feed_inputs.ts";
import { elementCount } from "../tensor/tensor.ts";
import type { Network, NetworkManifest } from "./network.ts";

/** 1 GiB of float32, far more than any image takes. */
const MAX_ELEMENTS = 2 ** 28;

/** The input an image goes into. */
export interface ImageInput {
  readonly name: string;
  /** [1, C, H, W] */
  readonly dims: readonly number[];
}

/**
 * Finds a network's only input.
 *
 * @throws {RangeError} If the network has other inputs, another kind of input, or is too large.
 */
export function imageInput(model: Model, manifest: NetworkManifest): ImageInput {
  const { graph } = model;
  const { height, width, mean } = manifest.input;
  const where = `Cannot use the network ${manifest.id}`;
  const { inputs } = new GraphIndex(graph);
  const name = imageName(model, manifest.input.name);
  const others = inputs.filter((input) => input !== name);
  const info = graph.input.find((value) => value.name === name);
  if (name === undefined || !info || others.length > 0) {
    const remedy = info && others.length > 0
      ? `; give tensors for the others (--feed ${others[0]}=file.npy)`
      : "";
    throw new InputError(
      `${where}: its inputs are ${inputsOf(model) || "none"}, expected one, an image${remedy}`,
    );
  }
  const type = declaredType(info);
  if (type !== "float32") {
    throw new InputError(`${where}: its input "${name}" is ${type}, expected float32`);
  }
  const declared: readonly Dim[] = declaredDims(info) ?? [null, null, null, null];
  const fits = (extent: Dim, size: number) => typeof extent !== "number" || extent === size;
  const isImage = declared.length === 4 && fits(declared[0], 1) && fits(declared[2], height) &&
    fits(declared[3], width);
  if (!isImage) {
    throw new InputError(
      `${where}: its input "${name}" has shape [${declared.map((dim) => dim ?? "?")}], ` +
        `expected [1 or N, channels, ${height}, ${width}]`,
    );
  }
  const dims = [1, typeof declared[1] === "number" ? declared[1] : mean.length, height, width];
  if (elementCount(dims) > MAX_ELEMENTS) {
    throw new InputError(`${where}: its input [${dims}] has more than ${MAX_ELEMENTS} elements`);
  }
  return { name, dims };
}

/** An input as its file declares it. */
export interface DeclaredInput {
  readonly type: string;
  /** Undefined where not even the number of axes is declared. */
  readonly dims?: readonly Dim[];
}

/** @param name One of its inputs. */
export function declarationOf({ graph }: Model, name: string): DeclaredInput {
  const info = graph.input.find((value) => value.name === name)!;
  return { type: declaredType(info), dims: declaredDims(info) };
}

/** Whether two inputs can be run at once, so far as `tensor`; some graphs have a batch of 1 built in. */
export function canBatch(
  { model, inputName, inputDims }: Pick<Network, "model" | "inputName" | "inputDims">,
  tensor: string,
): boolean {
  const info = model.graph.input.find((value) => value.name === inputName);
  if (typeof declaredDims(info!)?.[0] === "number") return false;
  const inputs = { [inputName]: [2, ...inputDims.slice(1)] };
  try {
    return inferShapes(upgradeModel(model), { inputs }).get(tensor)?.dims[0] === 2;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
