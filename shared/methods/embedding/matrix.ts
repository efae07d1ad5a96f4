import { type Matrix, rowOf } from "../../tensor/matrix.ts";

export { type Matrix, rowOf };

/** Squared Euclidean distances of all rows from each other; symmetric. */
export function squaredDistances(matrix: Matrix): Matrix {
  const { rows } = matrix;
  const data = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) {
    const a = rowOf(matrix, i);
    for (let j = 0; j < i; j++) {
      const b = rowOf(matrix, j);
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2;
      data[i * rows + j] = data[j * rows + i] = sum;
    }
  }
  return { rows, columns: rows, data };
}

/** For each row, all other rows from near to far; of equals, the one with the lower number first. */
export function neighbourLists({ rows, data }: Matrix): Int32Array[] {
  return Array.from({ length: rows }, (_, i) => {
    const others = Int32Array.from({ length: rows - 1 }, (_, k) => k < i ? k : k + 1);
    const from = i * rows;
    return others.sort((a, b) => data[from + a] - data[from + b] || a - b);
  });
}
