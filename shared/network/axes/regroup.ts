import { type Axes, type Axis, extentOf, type Piece } from "./axis.ts";

/** A piece on its way from one shape to another; an axis with tokens without a position stays whole. */
type Part = Piece & { readonly axis?: Axis };

/**
 * The axes of a tensor in another shape with the same elements in the same order; undefined where an
 * axis would be cut within rows or columns.
 */
export function regrouped(axes: Axes, dims: readonly number[]): Axes | undefined {
  const parts: Part[] = axes.flatMap((axis): Part[] =>
    axis.before + axis.after > 0
      ? [{ kind: "other", size: extentOf(axis), step: 0, axis }]
      : axis.pieces.filter(({ size }) => size > 1)
  ).reverse();
  const found: Axis[] = [];
  for (const extent of dims) {
    const taken = take(parts, extent);
    if (taken === undefined) return undefined;
    const axis = axisOf(taken);
    if (axis === undefined) return undefined;
    found.push(axis);
  }
  return parts.length === 0 ? separate(finer(found)) : undefined;
}

/** Undefined where whole rows or columns are joined with channels. */
function separate(axes: Axes): Axes | undefined {
  const pieces = axes.flatMap((axis) => axis.pieces);
  const isOuter = ({ kind, step }: Piece) =>
    kind !== "other" && pieces.every((other) => other.kind !== kind || other.step <= step);
  const isJoined = axes.some((axis) =>
    axis.pieces.some(({ kind }) => kind === "other") && axis.pieces.some(isOuter)
  );
  return isJoined ? undefined : axes;
}

/** Takes parts of so many elements in all off the end of a list; a part that is larger is split. */
function take(parts: Part[], extent: number): Part[] | undefined {
  const taken: Part[] = [];
  for (let missing = extent; missing > 1;) {
    const part = parts.pop();
    if (part === undefined) return undefined;
    if (part.size <= missing) {
      if (missing % part.size !== 0) return undefined;
      taken.push(part);
      missing /= part.size;
      continue;
    }
    if (part.axis || part.size % missing !== 0) return undefined;
    const inner = part.size / missing;
    taken.push({ ...part, size: missing, step: part.step * inner });
    parts.push({ ...part, size: inner });
    missing = 1;
  }
  return taken;
}

function axisOf(taken: readonly Part[]): Axis | undefined {
  const held = taken.find(({ axis }) => axis)?.axis;
  if (held) return taken.length === 1 ? held : undefined;
  const pieces: Piece[] = [];
  for (const piece of taken) {
    const last = pieces.at(-1);
    const follows = last?.kind === piece.kind && last.step === piece.step * piece.size;
    if (follows) pieces[pieces.length - 1] = { ...piece, size: last.size * piece.size };
    else pieces.push(piece);
  }
  return { pieces, before: 0, after: 0 };
}

/** Rows and columns that each were joined with a part of the channels: a map of more positions. */
function finer(axes: Axis[]): Axes {
  const split = axes.filter(({ pieces: [a, b, ...rest] }) =>
    rest.length === 0 && a?.kind !== "other" && b?.kind === "other"
  );
  const [first, second] = split.map(({ pieces: [, inner] }) => inner.size);
  if (split.length !== 2 || first !== second) return axes;
  return axes.map((axis) => {
    if (!split.includes(axis)) return axis;
    const [piece] = axis.pieces;
    return { ...axis, pieces: [{ ...piece, size: piece.size * first }] };
  });
}

/** With the smallest step of rows and of columns as 1, as after a part of the positions is gone. */
export function normalized(axes: Axes): Axes {
  const least = (kind: Piece["kind"]) =>
    axes.flatMap(({ pieces }) => pieces).filter((piece) => piece.kind === kind)
      .reduce((min, { step }) => Math.min(min, step), Infinity);
  const unit = { rows: least("rows"), columns: least("columns"), other: 1 };
  if (!(unit.rows > 1 || unit.columns > 1)) return axes;
  return axes.map((axis) => ({
    ...axis,
    pieces: axis.pieces.map((piece) => ({ ...piece, step: piece.step / unit[piece.kind] })),
  }));
}
