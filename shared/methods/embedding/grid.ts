import { assign } from "./assign.ts";
import type { Matrix } from "./matrix.ts";

/** Points moved to the cells of a grid, each to one of its own. */
export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  /** [points, 2]: column and row of each point's cell. */
  readonly cells: Int32Array;
  /** Sum of the squared distances moved, where the whole layout is a unit square: the least. */
  readonly cost: number;
}

/** The layout in which every point has a cell and the points move least. Yields for each point. */
export function* gridLayout(points: Matrix): Generator<void, GridLayout, void> {
  const count = points.rows;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const unit = unitSquare(points);
  const costs = new Float64Array(count * columns * rows);
  for (let i = 0; i < count; i++) {
    for (let cell = 0; cell < columns * rows; cell++) {
      const [x, y] = [(cell % columns + 0.5) / columns, (Math.floor(cell / columns) + 0.5) / rows];
      costs[i * columns * rows + cell] = (unit[2 * i] - x) ** 2 + (unit[2 * i + 1] - y) ** 2;
    }
  }
  const { columns: cellOf, cost } = yield* assign(costs, count, columns * rows);
  const cells = Int32Array.from(
    { length: 2 * count },
    (_, i) => i % 2 === 0 ? cellOf[i >> 1] % columns : Math.floor(cellOf[i >> 1] / columns),
  );
  return { columns, rows, cells, cost };
}

/** The points stretched to 0..1 along both axes. */
export function unitSquare({ rows, data }: Matrix): Float64Array {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  data.forEach((value, i) => {
    low[i % 2] = Math.min(low[i % 2], value);
    high[i % 2] = Math.max(high[i % 2], value);
  });
  return Float64Array.from({ length: 2 * rows }, (_, i) => {
    const extent = high[i % 2] - low[i % 2];
    return extent > 0 ? (data[i] - low[i % 2]) / extent : 0.5;
  });
}
