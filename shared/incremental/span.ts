import type { Positions } from "./trace_changes.ts";

/** Rows or columns in a row. Those of a crop may begin before 0 or end behind the map. */
export interface Span {
  readonly start: number;
  readonly size: number;
}

/** The first row after the span. */
export const endOf = ({ start, size }: Span): number => start + size;

export const isSameSpan = (a: Span, b: Span): boolean => a.start === b.start && a.size === b.size;

/** The smallest span that holds all of `spans`. */
export function boundingSpan(spans: readonly Span[]): Span {
  const start = Math.min(...spans.map((span) => span.start));
  return { start, size: Math.max(...spans.map(endOf)) - start };
}

/** A row and a column of the plan's positions. */
export type Position = readonly [row: number, column: number];

/** Rows and columns of a map. */
export type Area = readonly [rows: Span, columns: Span];

/** A part of a map at a position. */
export const areaAt = ([rows, columns]: Positions, [row, column]: Position): Area => [
  rows[row],
  columns[column],
];
