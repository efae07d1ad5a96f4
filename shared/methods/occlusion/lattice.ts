/** Every how many lines the coarsest lattice has one. */
const COARSE = 4;

/** A row or a column of positions, and those it lies between in the next coarser lattice. */
export interface Line {
  readonly at: number;
  /** 0 for the coarsest lattice. */
  readonly level: number;
  /** The lines it lies between; itself twice on the coarsest lattice. */
  readonly before: number;
  readonly after: number;
}

/**
 * The lines 0 to `count - 1` as lattices that get finer: every fourth and the last, then those in
 * the middle between two, and so on.
 */
export function latticeLines(count: number): readonly Line[] {
  const lines: Line[] = [];
  const put = (at: number, level: number, before: number, after: number) =>
    void (lines[at] = { at, level, before, after });
  const split = (before: number, after: number, level: number) => {
    if (after - before < 2) return;
    const middle = Math.floor((before + after) / 2);
    put(middle, level, before, after);
    split(before, middle, level + 1);
    split(middle, after, level + 1);
  };
  let last = 0;
  put(0, 0, 0, 0);
  for (let at = COARSE; last < count - 1; at += COARSE) {
    const next = Math.min(at, count - 1);
    put(next, 0, next, next);
    split(last, next, 1);
    last = next;
  }
  return lines;
}
