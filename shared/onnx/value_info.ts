import { DataType, type DataTypeName, dataTypeName } from "./data_type.ts";
import type { ValueInfoProto } from "./proto/types.ts";

/** An extent: a number, a symbol such as "N", or null where the file does not say. */
export type Dim = number | string | null;

/** Declares the tensor `name`. */
export function valueInfo(
  name: string,
  type: DataTypeName = "float32",
  dims?: readonly Dim[],
): ValueInfoProto {
  const dim = dims?.map((extent) =>
    typeof extent === "number" ? { dimValue: extent } : extent === null ? {} : { dimParam: extent }
  );
  return {
    name,
    type: { tensorType: { elemType: DataType[type], shape: dim && { dim } } },
    metadataProps: [],
  };
}

/**
 * The declared shape, or undefined where not even the rank is declared. Some exporters write -1 for
 * an extent that is open.
 */
export function declaredDims(info: ValueInfoProto): Dim[] | undefined {
  return info.type?.tensorType?.shape?.dim.map(({ dimValue, dimParam }) =>
    dimValue !== undefined && dimValue >= 0 ? dimValue : dimParam || null
  );
}

/** The declared element type. */
export function declaredType(info: ValueInfoProto): string {
  return dataTypeName(info.type?.tensorType?.elemType);
}
