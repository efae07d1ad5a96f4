import { elementCount } from "../../tensor/tensor.ts";
import { MAX_ELEMENTS, MAX_RANK } from "../limits.ts";
import { UnusableNetworkError } from "../unusable_network_error.ts";

/**
 * Refuses a shape that no tensor can have here.
 *
 * @param what For the message: `infer the shape of Conv "y"`.
 * @throws {UnusableNetworkError} If it has too many axes or elements, or an extent is no size.
 */
export function checkDims(what: string, dims: readonly number[]): void {
  if (dims.length > MAX_RANK) {
    throw new UnusableNetworkError(
      `Cannot ${what}: it has ${dims.length} axes, expected ${MAX_RANK} at most`,
    );
  }
  const isShape = dims.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (isShape && elementCount(dims) <= MAX_ELEMENTS) return;
  throw new UnusableNetworkError(
    `Cannot ${what}: it is [${dims.join(", ")}], expected whole numbers and ` +
      `${MAX_ELEMENTS} elements at most`,
  );
}
