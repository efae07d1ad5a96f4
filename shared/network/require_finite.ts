import { InputError } from "../errors.ts";

/**
 * Checks what a network makes of an image.
 *
 * @param doing What cannot be done with other values: "explain the scores".
 * @param what What the values are of: "the gradient of tabby".
 * @throws {InputError} If a value is NaN or infinite.
 */
export function requireFinite(values: ArrayLike<number>, doing: string, what: string): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new InputError(
      `Cannot ${doing}: ${what} has the value ${values[i]}, expected finite numbers; the network ` +
        "or the image has non-finite values, or too large ones",
    );
  }
}
