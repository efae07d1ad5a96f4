import { expect, test } from "vitest";
import { InputError } from "./errors.ts";
import { formatNumber, printable } from "./printable.ts";

test("printable() writes out what a terminal would obey", () => {
  expect(printable("a\x1b[31mb\x07\nc\x9bd\u202e")).toBe(
    "a\\u001b[31mb\\u0007\\u000ac\\u009bd\\u202e",
  );
  expect(printable('conv/1 "größe" 層')).toBe('conv/1 "größe" 層');
});

test("printable() cuts long texts", () => {
  expect(printable("x".repeat(100_000)).length).toBeLessThan(2100);
});

test("an InputError holds no escape codes", () => {
  expect(new InputError('Cannot find "\x1b[2J"').message).toBe('Cannot find "\\u001b[2J"');
});

test.each([
  [0, 3, "0"],
  [-0.123456, 3, "-0.123"],
  [0.5, 3, "0.5"],
  [25557032, 3, "25557032"],
  [123456.7, 4, "123500"],
  [1234567.8, 3, "1.2e6"],
  [0.00012345, 4, "1.23e-4"],
  [NaN, 3, "NaN"],
])("formatNumber(%d, %d) is %s", (value, digits, text) => {
  expect(formatNumber(value, digits)).toBe(text);
});
