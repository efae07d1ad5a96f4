import type { Color } from "../../image/image.ts";

/** Told apart with every kind of colour blindness (Okabe and Ito, 2008), the most common first. */
const COLORS: readonly Color[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [86, 180, 233],
  [213, 94, 0],
  [240, 228, 66],
];

/** The colour of all classes that have none of their own. */
export const OTHER_COLOR: Color = [120, 120, 120];

/** A class with a colour of its own. */
export interface ColoredClass {
  readonly index: number;
  readonly color: Color;
  /** Positions where it is the most probable one. */
  readonly count: number;
}

/** How a map of classes is coloured. */
export interface ClassColors {
  /** The most frequent first. */
  readonly named: readonly ColoredClass[];
  /** Classes that share {@linkcode OTHER_COLOR}, and their positions. */
  readonly others: { readonly classes: number; readonly count: number };
  readonly colorOf: (index: number) => Color;
}

/** Colours for the classes of a map, the most frequent first; NaN is a position not known yet. */
export function classColors(topClass: ArrayLike<number>): ClassColors {
  const counts = new Map<number, number>();
  for (const index of Array.from(topClass)) {
    if (!Number.isNaN(index)) counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const ranking = [...counts].sort(([, a], [, b]) => b - a);
  const named = ranking.slice(0, COLORS.length)
    .map(([index, count], i) => ({ index, count, color: COLORS[i] }));
  const rest = ranking.slice(COLORS.length);
  const colors = new Map(named.map(({ index, color }) => [index, color]));
  return {
    named,
    others: { classes: rest.length, count: rest.reduce((sum, [, count]) => sum + count, 0) },
    colorOf: (index) => colors.get(index) ?? OTHER_COLOR,
  };
}
