import type { Span } from "./span.ts";
import type { Positions } from "./trace_changes.ts";

/** A row and a column of the plan's positions. */
export type Position = readonly [row: number, column: number];

/** Rows and columns of a map. */
export type Area = readonly [rows: Span, columns: Span];

/** A part of a map at a position. */
export const areaAt = ([rows, columns]: Positions, [row, column]: Position): Area => [
  rows[row],
  columns[column],
];
