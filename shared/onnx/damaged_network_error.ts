import type { ErrorKind, KnownError } from "../errors.ts";
import { printable } from "../printable.ts";

/** A file whose graph is no network: broken off, a cycle, a value that nothing makes. */
export class DamagedNetworkError extends SyntaxError implements KnownError {
  override readonly name: string = "DamagedNetworkError";
  readonly kind: ErrorKind = "unusable-network";

  constructor(message: string) {
    super(printable(message));
  }
}
