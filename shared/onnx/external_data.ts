import { DamagedNetworkError } from "./damaged_network_error.ts";
import type { Model } from "./decode_model.ts";
import { withGraph } from "./edit.ts";
import type { TensorProto } from "./proto/types.ts";
import { UnusableNetworkError } from "./unusable_network_error.ts";

/** Value of `dataLocation` for data in another file. */
const EXTERNAL = 1;

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
  if (location === "" || /^([a-z]:)?\//i.test(location) || parts.includes("..")) {
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

/** The files beside the model that its weights lie in. */
export function externalFiles(model: Model): string[] {
  const external = model.graph.initializer.filter((tensor) => tensor.dataLocation === EXTERNAL);
  return [...new Set(external.map((tensor) => extentOf(tensor).location))];
}

/**
 * The model with all its weights inside.
 *
 * @param files The bytes of each of {@linkcode externalFiles}.
 * @throws {RangeError} If a file is missing or shorter than a tensor says.
 */
export function loadExternalData(model: Model, files: ReadonlyMap<string, Uint8Array>): Model {
  return withGraph(model, {
    initializer: model.graph.initializer.map((tensor) =>
      tensor.dataLocation === EXTERNAL ? inlined(tensor, files) : tensor
    ),
  });
}

function inlined(tensor: TensorProto, files: ReadonlyMap<string, Uint8Array>): TensorProto {
  const { location, offset, length } = extentOf(tensor);
  const bytes = files.get(location);
  const where = `Cannot load the tensor "${tensor.name ?? ""}"`;
  if (bytes === undefined) {
    throw new UnusableNetworkError(`${where}: the file "${location}" is missing`);
  }
  const end = length === undefined ? bytes.length : offset + length;
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
