import { elementCount } from "../tensor/tensor.ts";
import { DamagedNetworkError, UnusableNetworkError } from "./errors.ts";
import { dataTypeName, ELEMENT_BYTES, isElementType } from "./data_type.ts";
import type { Model } from "./model_file.ts";
import { MAX_WEIGHT_BYTES } from "./limits.ts";
import { mapTensors } from "./map_tensors.ts";
import type { TensorProto } from "./proto/types.ts";

/** Value of `dataLocation` for data in another file. */
const EXTERNAL = 1;

/** Bytes that tensors may take beyond twice those of the files, since small ones are shared. */
const FREE_BYTES = 2 ** 20;

interface Extent {
  readonly location: string;
  readonly offset: number;
  readonly length?: number;
}

/**
 * Where an external tensor lies. A location is a path below the model's folder.
 *
 * @throws {DamagedNetworkError} If it points outside that folder, or an extent is not a size.
 */
function extentOf(tensor: TensorProto): Extent {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value ?? ""]));
  const where = `Cannot load the tensor "${tensor.name ?? ""}"`;
  const location = (entries.get("location") ?? "").replaceAll("\\", "/");
  const parts = location.split("/");
  const isBelow = location !== "" && !/^([a-z]:)?\//i.test(location) && !parts.includes("..");
  if (!isBelow || location.includes("\0")) {
    throw new DamagedNetworkError(
      `${where}: its file "${location}" is not below the model's folder`,
    );
  }
  const size = (key: string) => {
    const text = entries.get(key);
    if (text !== undefined && !/^\d{1,15}$/.test(text)) {
      throw new DamagedNetworkError(`${where}: its ${key} "${text}" is not a number of bytes`);
    }
    return text === undefined ? undefined : Number(text);
  };
  return { location, offset: size("offset") ?? 0, length: size("length") };
}

/** The files beside the model that its tensors lie in, wherever in the model these are. */
export const externalFiles = (model: Model): string[] => [...externalSizes(model).keys()];

/** By {@linkcode externalFiles}: where the last of its tensors ends, in bytes. */
export function externalSizes(model: Model): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== EXTERNAL) return tensor;
    const { location, offset, length = bytesOf(tensor) ?? 0 } = extentOf(tensor);
    sizes.set(location, Math.max(sizes.get(location) ?? 0, offset + length));
    return tensor;
  });
  return sizes;
}

/** What a tensor's elements take; undefined where its type does not tell. */
function bytesOf({ dataType, dims }: TensorProto): number | undefined {
  const type = dataTypeName(dataType);
  return isElementType(type) ? elementCount(dims) * ELEMENT_BYTES[type] : undefined;
}

/**
 * The model with all its weights inside.
 *
 * @param files The bytes of each of {@linkcode externalFiles}.
 * @throws {UnusableNetworkError} If a file is missing or shorter than a tensor says, or tensors share
 * bytes so often that they take far more than the files have.
 */
export function loadExternalData(model: Model, files: ReadonlyMap<string, Uint8Array>): Model {
  const held = files.values().reduce((sum, { length }) => sum + length, 0);
  const most = Math.min(2 * held + FREE_BYTES, MAX_WEIGHT_BYTES);
  let total = 0;
  return mapTensors(model, (tensor) => {
    if (tensor.dataLocation !== EXTERNAL) return tensor;
    const loaded = inlined(tensor, files);
    total += loaded.rawData?.length ?? 0;
    if (total > most) {
      throw new UnusableNetworkError(
        `Cannot load the weights: they take more than ${most} bytes, and their files have ${held}`,
      );
    }
    return loaded;
  });
}

function inlined(tensor: TensorProto, files: ReadonlyMap<string, Uint8Array>): TensorProto {
  const { location, offset, length } = extentOf(tensor);
  const bytes = files.get(location);
  const where = `Cannot load the tensor "${tensor.name ?? ""}"`;
  if (bytes === undefined) {
    throw new UnusableNetworkError(`${where}: the file "${location}" is missing`);
  }
  const end = offset + (length ?? bytesOf(tensor) ?? bytes.length - offset);
  if (offset > bytes.length || end > bytes.length) {
    throw new UnusableNetworkError(
      `${where}: it ends at byte ${
        Math.max(offset, end)
      } of "${location}", which has ${bytes.length}`,
    );
  }
  return {
    ...tensor,
    rawData: bytes.subarray(offset, end),
    externalData: [],
    dataLocation: undefined,
  };
}
