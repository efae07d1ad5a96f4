import { attributes, type AttributeValues } from "./attributes.ts";
import type { NodeProto } from "./proto/types.ts";

/** A node of a standard operator, named after its first output. */
export function newNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  values: AttributeValues = {},
): NodeProto {
  return {
    opType,
    name: output[0],
    input,
    output,
    attribute: attributes(values),
    metadataProps: [],
  };
}
