import { expect, test } from "vitest";
import { InputError } from "./errors.ts";
import { printable } from "./printable.ts";

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
