import { type ErrorKind, InputError } from "../errors.ts";

/** Nothing is known of a value's shape before the model runs, and the gradient depends on it. */
export class UnknownShapeError extends InputError {
  override readonly name = "UnknownShapeError";
  override readonly kind: ErrorKind = "unknown-shape";

  constructor(value: string) {
    super(`Cannot differentiate: the shape of "${value}" is not known`);
  }
}
