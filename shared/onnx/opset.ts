import type { ModelProto } from "./proto/types.ts";
import { UnusableNetworkError } from "./errors.ts";

/** Whether a node's or operator set's domain is that of the ONNX standard. */
export function isStandardDomain(domain: string | undefined): boolean {
  return domain === undefined || domain === "" || domain === "ai.onnx";
}

/**
 * The version of the standard operators that a model uses.
 *
 * @throws {RangeError} If it imports none.
 */
export function opsetOf(model: ModelProto): number {
  const found = model.opsetImport.find(({ domain }) => isStandardDomain(domain));
  if (found?.version === undefined) {
    throw new UnusableNetworkError(
      "Cannot use the model: it does not import the standard operator set",
    );
  }
  return found.version;
}
