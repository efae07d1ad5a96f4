import { type ErrorKind, InputError } from "../errors.ts";

/** A network that is too large, out of range or of a form that cannot be run here. */
export class UnusableNetworkError extends InputError {
  override readonly name: string = "UnusableNetworkError";
  override readonly kind: ErrorKind = "unusable-network";
}
