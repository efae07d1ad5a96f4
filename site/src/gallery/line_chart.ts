/** A value with what it was averaged from. */
export interface ChartPoint {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Lines over names in a fixed order, such as layers; values in per cent. */
export interface LineChart {
  /** For ids on the page. */
  readonly id: string;
  readonly title: string;
  /** What is shown, in a sentence or two. */
  readonly description: string;
  /** What is told of, and in which unit. */
  readonly axis: string;
  /** What the names are. */
  readonly categoryAxis: string;
  readonly categories: readonly string[];
  readonly series: readonly {
    readonly name: string;
    /** One for each category; undefined where nothing was measured. */
    readonly points: readonly (ChartPoint | undefined)[];
  }[];
  /** A value to compare with. */
  readonly reference?: { readonly value: number; readonly name: string };
}

/** Steps that are easy to read, in powers of ten. */
const STEPS = [1, 2, 2.5, 5, 10];
const MOST = 6;

/** Round numbers from 0 to the first that is not below `largest`; at most seven. */
export function chartTicks(largest: number): number[] {
  const power = 10 ** Math.floor(Math.log10(largest / MOST || 1));
  const step = power * STEPS.find((step) => step * power * MOST >= largest)!;
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}
