import { InputError } from "../../errors.ts";

/** Which column each row gets, and what that costs in all. */
export interface Assignment {
  readonly columns: Int32Array;
  readonly cost: number;
}

/**
 * A column of its own for each row, at the least total cost: exact, by shortest augmenting paths.
 * Yields after each row.
 *
 * @param costs rows x columns, row by row; at least as many columns as rows.
 * @see Crouse, "On implementing 2D rectangular assignment algorithms", IEEE TAES 2016
 */
export function* assign(
  costs: Float64Array,
  rows: number,
  columns: number,
): Generator<void, Assignment, void> {
  if (rows > columns || costs.length !== rows * columns) {
    throw new InputError(
      `Cannot assign ${rows} rows to ${columns} columns with ${costs.length} costs`,
    );
  }
  const rowPrice = new Float64Array(rows);
  const columnPrice = new Float64Array(columns);
  const columnOf = new Int32Array(rows).fill(-1);
  const rowAt = new Int32Array(columns).fill(-1);
  for (let start = 0; start < rows; start++) {
    const path = shortestPath(start, { costs, columns, rowPrice, columnPrice, columnOf, rowAt });
    for (let column = path.end, row = -1; row !== start;) {
      row = path.before[column];
      rowAt[column] = row;
      [columnOf[row], column] = [column, columnOf[row]];
    }
    yield;
  }
  const cost = columnOf.reduce((sum, column, row) => sum + costs[row * columns + column], 0);
  return { columns: columnOf, cost };
}

interface State {
  readonly costs: Float64Array;
  readonly columns: number;
  readonly rowPrice: Float64Array;
  readonly columnPrice: Float64Array;
  readonly columnOf: Int32Array;
  readonly rowAt: Int32Array;
}

/** The cheapest way from an unassigned row to a free column; prices are raised along it. */
function shortestPath(
  start: number,
  { costs, columns, rowPrice, columnPrice, columnOf, rowAt }: State,
): { end: number; before: Int32Array } {
  const cheapest = new Float64Array(columns).fill(Infinity);
  const before = new Int32Array(columns).fill(-1);
  const open = Int32Array.from({ length: columns }, (_, column) => column);
  let left = columns;
  const rows: number[] = [];
  const closed: number[] = [];
  let [row, length, end] = [start, 0, -1];
  while (end < 0) {
    rows.push(row);
    let [best, lowest] = [-1, Infinity];
    for (let k = 0; k < left; k++) {
      const column = open[k];
      const cost = length + costs[row * columns + column] - rowPrice[row] - columnPrice[column];
      if (cost < cheapest[column]) {
        cheapest[column] = cost;
        before[column] = row;
      }
      const isBetter = cheapest[column] < lowest ||
        (cheapest[column] === lowest && rowAt[column] < 0);
      if (isBetter) [best, lowest] = [k, cheapest[column]];
    }
    length = lowest;
    const column = open[best];
    open[best] = open[--left];
    if (rowAt[column] < 0) end = column;
    else {
      closed.push(column);
      row = rowAt[column];
    }
  }
  rowPrice[start] += length;
  for (const other of rows.slice(1)) rowPrice[other] += length - cheapest[columnOf[other]];
  for (const column of closed) columnPrice[column] -= length - cheapest[column];
  return { end, before };
}
