import { type ErrorKind, InputError, type KnownError } from "../errors.ts";
import { printable } from "../printable.ts";

/** A file whose graph is no network: broken off, a cycle, a value that nothing makes. */
export class DamagedNetworkError extends SyntaxError implements KnownError {
  override readonly name: string = "DamagedNetworkError";
  readonly kind: ErrorKind = "unusable-network";

  constructor(message: string) {
    super(printable(message));
  }
}

/** A network that is too large, out of range or of a form that cannot be run here. */
export class UnusableNetworkError extends InputError {
  override readonly name: string = "UnusableNetworkError";
  override readonly kind: ErrorKind = "unusable-network";
}

/** Bytes that are not a well-formed ONNX file. */
export class OnnxParseError extends DamagedNetworkError {
  override readonly name = "OnnxParseError";

  /**
   * @param reason What is wrong there, without the place.
   * @param offset Byte offset in the file where it was noticed.
   * @param path The message it was noticed in, as `graph.node[3].attribute[0]`; empty at the top.
   */
  constructor(readonly reason: string, readonly offset: number, readonly path = "") {
    super(`Cannot read the ONNX file at byte ${offset}${path && ` (${path})`}: ${reason}`);
  }

  /** The same error, seen from the enclosing message. */
  within(segment: string): OnnxParseError {
    const separator = this.path === "" || this.path.startsWith("[") ? "" : ".";
    return new OnnxParseError(this.reason, this.offset, `${segment}${separator}${this.path}`);
  }
}
