/** A number for a legend: three significant digits, no trailing zeros, short exponents. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return `${value}`;
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e5
    ? `${Number(value.toPrecision(3))}`
    : value.toExponential(1).replace("e+", "e");
}
