import { latticeLines, type Line, occlusionGrid } from "./grid.ts";
import type { OcclusionJob } from "./plan.ts";

/** A position's place in the lattices. */
interface Node {
  readonly position: number;
  /** 0 in the coarsest lattice. */
  readonly level: number;
  /** The positions that its value is interpolated from, and with what weight. */
  readonly parents: readonly (readonly [position: number, weight: number])[];
}

/** A lattice is ranked anew each time about this share of what is left of it was taken. */
const ROUNDS = 8;

/**
 * A map that is computed so that it can soon be told: a coarse lattice of positions first, then
 * finer ones, each beginning where what is known differs most from place to place. What is not known
 * is interpolated. (To go on to a finer lattice before a coarser one is complete serves the peaks,
 * but the map as a whole less: its rank correlation with the final one is lower.)
 */
export class Refinement {
  /** In an order in which every position comes after those it is interpolated from. */
  readonly #nodes: readonly Node[];
  /** Not taken yet, but those of `#next`. */
  #left: readonly Node[];
  /** The ones to take next, the last first. */
  #next: Node[] = [];
  readonly #known: Float64Array;

  constructor(rows: number, columns: number) {
    const [down, across] = [latticeLines(rows), latticeLines(columns)];
    this.#nodes = down.flatMap((row) => across.map((column) => nodeOf(row, column, columns)))
      .toSorted((a, b) => a.level - b.level || a.parents.length - b.parents.length);
    this.#left = this.#nodes;
    this.#known = new Float64Array(rows * columns).fill(NaN);
  }

  /** Tells the value at a position. */
  add(position: number, value: number): void {
    this.#known[position] = value;
  }

  /** The next positions to compute, at most `count`; none when all were taken. */
  take(count: number): number[] {
    const taken: number[] = [];
    while (taken.length < count) {
      if (this.#next.length === 0) this.#choose(count - taken.length);
      const node = this.#next.pop();
      if (!node) break;
      taken.push(node.position);
    }
    return taken;
  }

  /** All positions, each chosen by the values that are known when it is asked for. */
  *positions(): Generator<number, void> {
    for (let some = this.take(1); some.length > 0; some = this.take(1)) yield some[0];
  }

  /** Chooses `count` nodes of the coarsest lattice that is left, or a share of it if that is more. */
  #choose(count: number): void {
    const level = this.#left[0]?.level;
    const end = this.#left.findIndex((node) => node.level !== level);
    const [now, later] = end < 0
      ? [this.#left, []]
      : [this.#left.slice(0, end), this.#left.slice(end)];
    const values = this.preview();
    const ranked = now.map((node) => ({ node, difference: differenceAround(node, values) }))
      .toSorted((a, b) => b.difference - a.difference);
    const chosen = Math.max(count, Math.ceil(ranked.length / ROUNDS));
    this.#next = ranked.slice(0, chosen).map(({ node }) => node).reverse();
    const rest = new Set(ranked.slice(chosen).map(({ node }) => node));
    this.#left = [...now.filter((node) => rest.has(node)), ...later];
  }

  /** The whole map, row by row: known or interpolated; NaN where nothing near is known. */
  preview(): Float64Array {
    return this.interpolate(this.#known);
  }

  /** The same for other values of the positions, NaN where they are not known. */
  interpolate(known: Float64Array): Float64Array {
    const values = known.slice();
    for (const { position, parents } of this.#nodes) {
      if (!Number.isNaN(values[position])) continue;
      let [sum, weights] = [0, 0];
      for (const [parent, weight] of parents) {
        if (Number.isNaN(values[parent])) continue;
        sum += weight * values[parent];
        weights += weight;
      }
      values[position] = sum / weights;
    }
    return values;
  }
}

/** Positions on an edge between two lattice points lie between those, others amid four edges. */
function nodeOf(row: Line, column: Line, columns: number): Node {
  const at = (y: number, x: number) => y * columns + x;
  const level = Math.max(row.level, column.level);
  const share = ({ at, before, after }: Line) => (after - at) / (after - before);
  const vertical = [
    [at(row.before, column.at), share(row)],
    [at(row.after, column.at), 1 - share(row)],
  ] as const;
  const horizontal = [
    [at(row.at, column.before), share(column)],
    [at(row.at, column.after), 1 - share(column)],
  ] as const;
  const parents = level === 0
    ? []
    : [...row.level === level ? vertical : [], ...column.level === level ? horizontal : []];
  return { position: at(row.at, column.at), level, parents };
}

/** How much the values differ that a position lies between. */
function differenceAround({ parents }: Node, values: Float64Array): number {
  const around = parents.map(([parent]) => values[parent]).filter((value) => !Number.isNaN(value));
  return around.length < 2 ? 0 : Math.max(...around) - Math.min(...around);
}

/**
 * The drops at the middles of the windows, bilinear between them, for each pixel of the input.
 *
 * @param drops By position; NaN where not known.
 * @returns [height, width]; NaN where a neighbour is not known.
 */
export function interpolateDrops(
  { dims, window, stride }: Pick<OcclusionJob, "dims" | "window" | "stride">,
  drops: ArrayLike<number>,
): Float32Array {
  const [height, width] = dims.slice(2);
  const { rows, columns, windows } = occlusionGrid(height, width, window, stride);
  const across = weightsOf(
    width,
    Array.from({ length: columns }, (_, c) => (windows[c].left + windows[c].right) / 2),
  );
  const down = weightsOf(
    height,
    Array.from(
      { length: rows },
      (_, r) => (windows[r * columns].top + windows[r * columns].bottom) / 2,
    ),
  );
  const values = new Float32Array(height * width);
  for (const [y, { low: top, high: bottom, share: v }] of down.entries()) {
    for (const [x, { low, high, share }] of across.entries()) {
      const between = (row: number) =>
        mix(drops[row * columns + low], drops[row * columns + high], share);
      values[y * width + x] = mix(between(top), between(bottom), v);
    }
  }
  return values;
}

const mix = (a: number, b: number, share: number) => share === 0 ? a : a + share * (b - a);

/** For each pixel the middles on either side of its own, and how near it is to the second. */
function weightsOf(extent: number, middles: readonly number[]) {
  let high = 0;
  return Array.from({ length: extent }, (_, pixel) => {
    const place = pixel + 0.5;
    while (high < middles.length - 1 && middles[high] < place) high++;
    const low = middles[high] < place ? high : Math.max(0, high - 1);
    const share = low === high
      ? 0
      : Math.min(1, Math.max(0, (place - middles[low]) / (middles[high] - middles[low])));
    return { low, high, share };
  });
}
