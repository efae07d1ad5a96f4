import type { Paste } from "./layout.ts";
import { type Area, areaAt, endOf, type Position, type Span } from "./span.ts";
import type { Positions } from "./trace_changes.ts";

/** A side of a patch. What is above and below it is as wide as what it is pasted into. */
export type Side = "top" | "left" | "right" | "bottom";

const before = (outer: Span, inner: Span): Span => ({
  start: outer.start,
  size: inner.start - outer.start,
});

const after = (outer: Span, inner: Span): Span => ({
  start: endOf(inner),
  size: endOf(outer) - endOf(inner),
});

const STRIPS: Readonly<Record<Side, (around: Area, patch: Area) => Area>> = {
  top: (around, patch) => [before(around[0], patch[0]), around[1]],
  left: (around, patch) => [patch[0], before(around[1], patch[1])],
  right: (around, patch) => [patch[0], after(around[1], patch[1])],
  bottom: (around, patch) => [after(around[0], patch[0]), around[1]],
};

/** Where the strip beside a patch lies; it may be empty. */
export function stripAt(
  { spans }: Paste,
  changes: Positions,
  side: Side,
  position: Position,
): Area {
  return STRIPS[side](areaAt(spans, position), areaAt(changes, position));
}

/** Whether there is a strip on that side at any position. */
export function isEverThere({ spans }: Paste, changes: Positions, side: Side): boolean {
  const axis = side === "top" || side === "bottom" ? 0 : 1;
  const cut = side === "top" || side === "left" ? before : after;
  return spans[axis].some((outer, i) => cut(outer, changes[axis][i]).size > 0);
}
