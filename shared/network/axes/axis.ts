/** A part of an axis: rows or columns of the image, or anything else. */
export interface Piece {
  readonly kind: "rows" | "columns" | "other";
  readonly size: number;
  /** How many rows (columns) of the map one step of the piece moves; 0 of anything else. */
  readonly step: number;
}

/** An axis of a tensor: its pieces, the outermost first, between tokens without a position. */
export interface Axis {
  readonly pieces: readonly Piece[];
  /** Tokens before the positions, such as a class token. */
  readonly before: number;
  readonly after: number;
}

/** The axes of a tensor, in its order. */
export type Axes = readonly Axis[];

/** An axis that has nothing to do with rows and columns. */
export const other = (size: number): Axis => ({
  pieces: size === 1 ? [] : [{ kind: "other", size, step: 0 }],
  before: 0,
  after: 0,
});

/** All rows, or all columns. */
export const whole = (kind: "rows" | "columns", size: number): Axis => ({
  pieces: [{ kind, size, step: 1 }],
  before: 0,
  after: 0,
});

/** How many positions an axis has, tokens without one left out. */
export const positionsOf = ({ pieces }: Axis): number =>
  pieces.reduce((product, { size }) => product * size, 1);

export const extentOf = (axis: Axis): number => axis.before + positionsOf(axis) + axis.after;

/** Whether an axis holds rows or columns. */
export const isPlaced = ({ pieces }: Axis): boolean => pieces.some(({ kind }) => kind !== "other");

/** The rows or columns that are all there is of an axis; undefined of any other axis. */
export function onlyPiece({ pieces, before, after }: Axis): Piece | undefined {
  const [piece] = pieces;
  return pieces.length === 1 && before + after === 0 && piece.kind !== "other" ? piece : undefined;
}

/**
 * An axis along which a map was made larger or smaller; undefined where it is not known what became
 * of its rows and columns.
 */
export function resized(axis: Axis, size: number): Axis | undefined {
  if (!isPlaced(axis)) return other(size);
  const piece = onlyPiece(axis);
  return piece && { ...axis, pieces: [{ ...piece, size }] };
}

/** A part of an axis: `size` elements from `start`, every `step`-th. */
export function sliced(axis: Axis, start: number, size: number, step: number): Axis {
  const piece = onlyPiece(axis);
  if (piece) return { ...axis, pieces: [{ ...piece, size, step: piece.step * Math.abs(step) }] };
  if (!isPlaced(axis) || step !== 1) return other(size);
  const before = axis.before - start;
  const after = size - before - positionsOf(axis);
  return before >= 0 && after >= 0 ? { ...axis, before, after } : other(size);
}

/**
 * Axes joined end to end; undefined where positions of several would not be in order.
 *
 * @param axes Undefined for what does not depend on the image.
 */
export function joined(axes: readonly Axis[]): Axis | undefined {
  const size = axes.reduce((sum, axis) => sum + extentOf(axis), 0);
  const placed = axes.filter(isPlaced);
  if (placed.length === 0) return other(size);
  if (placed.length === 1) {
    const [axis] = placed;
    const at = axes.indexOf(axis);
    const extent = (part: readonly Axis[]) => part.reduce((sum, one) => sum + extentOf(one), 0);
    return {
      ...axis,
      before: axis.before + extent(axes.slice(0, at)),
      after: axis.after + extent(axes.slice(at + 1)),
    };
  }
  const pieces = axes.map(onlyPiece);
  const [first] = pieces;
  const isOne = first !== undefined &&
    pieces.every((piece) => piece?.kind === first.kind && piece.step === first.step);
  return isOne ? { ...axes[0], pieces: [{ ...first, size }] } : undefined;
}
