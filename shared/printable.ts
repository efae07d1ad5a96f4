/** Control characters, and those that turn or break a line: what a terminal or a log obeys. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Longer texts are cut: a file's names may be as long as the file. */
const MAX_LENGTH = 2000;

/**
 * A text that may hold names out of a file, fit for a terminal: control characters and escape codes
 * are written as `\u001b`, and no more than 2,000 characters are kept.
 */
export function printable(text: string): string {
  const short = text.length > MAX_LENGTH
    ? `${text.slice(0, MAX_LENGTH)}... (${text.length} characters)`
    : text;
  return short.replace(
    CONTROLS,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * A number for a legend or a table: so many significant digits, no trailing zeros, short exponents;
 * whole numbers as they are.
 */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6
    ? String(Number(value.toPrecision(digits)))
    : value.toExponential(digits - 2).replace("e+", "e");
}
