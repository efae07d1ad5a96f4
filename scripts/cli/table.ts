import { printable } from "../../shared/printable.ts";

/** Rows of cells as text, columns aligned; the first row is the head. */
export function table(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printable));
  const widths = rows[0].map((_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i].length), 0)
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  const [head, ...body] = rows.map(line);
  return [head, "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body].join("\n");
}
