/**
 * Errors that a person can do something about. Each has a kind, which the functions turn into a
 * status; any other error is a fault of this project.
 *
 * @module
 */

import { printable } from "./printable.ts";

/** What is wrong, for a program. */
export type ErrorKind =
  | "invalid-options"
  | "unsupported-operator"
  | "unknown-shape"
  | "unusable-network"
  | "network-missing"
  | "unusable-image"
  | "unsupported-media-type"
  | "too-large"
  | "out-of-memory"
  | "backend-unavailable"
  | "backend-mismatch";

/** An error that is of a kind. */
export interface KnownError extends Error {
  readonly kind: ErrorKind;
}

/** What was given does not fit: an option, an image, a name. The message says what would. */
export class InputError extends RangeError implements KnownError {
  override readonly name: string = "InputError";
  readonly kind: ErrorKind = "invalid-options";

  constructor(message: string, options?: ErrorOptions) {
    super(printable(message), options);
  }
}
