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
