import { InputError } from "../../errors.ts";
import { type Matrix, rowOf, type Tensor } from "../../tensor/tensor.ts";
import { requireFinite } from "../../network/require_finite.ts";

/** A layer as one vector of channels for each position. */
export interface Features {
  readonly height: number;
  readonly width: number;
  /** [positions, channels] */
  readonly vectors: Matrix;
  /** Length of each vector. */
  readonly norms: Float64Array;
}

/**
 * The vectors of a layer [1, C, h, w].
 *
 * @throws {InputError} If it has another shape, or a value is NaN or infinite.
 */
export function featuresOf({ type, dims, data }: Tensor, layer: string): Features {
  const [batch, channels, height, width] = dims;
  if (type !== "float32" || dims.length !== 4 || batch !== 1 || height * width < 2) {
    throw new InputError(
      `Cannot compare the positions of "${layer}": it is ${type} [${dims}], expected float32 ` +
        "[1, channels, height, width] with more than one position",
    );
  }
  const values = data as Float32Array;
  requireFinite(values, `compare the positions of "${layer}"`, "it");
  const rows = height * width;
  const vectors = {
    rows,
    columns: channels,
    data: Float64Array.from(
      { length: rows * channels },
      (_, i) => values[(i % channels) * rows + Math.floor(i / channels)],
    ),
  };
  const norms = Float64Array.from({ length: rows }, (_, i) => Math.hypot(...rowOf(vectors, i)));
  return { height, width, vectors, norms };
}

/** A position of a layer. */
export interface Position {
  readonly row: number;
  readonly column: number;
}

/**
 * The position that is pointed at, or the one with the longest vector.
 *
 * @throws {InputError} If it is outside, or all its features are 0.
 */
export function positionAt({ height, width, norms }: Features, at: string): Position {
  const [row, column] = at.split(",").map(Number);
  const longest = norms.reduce((best, norm, i) => norm > norms[best] ? i : best, 0);
  const found = at === "strongest"
    ? { row: Math.floor(longest / width), column: longest % width }
    : { row, column };
  if (found.row >= height || found.column >= width) {
    throw new InputError(
      `Cannot point at ${at}: the layer has ${height} x ${width} positions, expected a row from 0 ` +
        `to ${height - 1} and a column from 0 to ${width - 1}`,
    );
  }
  if (norms[found.row * width + found.column] > 0) return found;
  throw new InputError(
    `Cannot compare with position ${found.row},${found.column}: all its features are 0, expected ` +
      "a position that activates a channel",
  );
}
