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
