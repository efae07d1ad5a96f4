/** Nothing is known of a value's shape before the model runs, and the gradient depends on it. */
export class UnknownShapeError extends RangeError {
  override readonly name = "UnknownShapeError";

  constructor(value: string) {
    super(`Cannot differentiate: the shape of "${value}" is not known`);
  }
}
