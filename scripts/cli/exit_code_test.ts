import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { exitCode, UsageError } from "./exit_code.ts";
import { Interruption } from "./interruption.ts";

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(line));
});
afterEach(() => vi.restoreAllMocks());

test.each([
  ["nothing", undefined, 0, []],
  ["an error", new RangeError("Cannot go on:\n  no more"), 1, ["Cannot go on:; no more"]],
  ["wrong usage", new UsageError("Cannot run"), 2, ["Cannot run", "Try: cli --help"]],
  ["an interruption", new Interruption("Interrupted"), 130, ["Interrupted"]],
])("exitCode() after %s", async (_, error, code, expected) => {
  const job = () => error ? Promise.reject(error) : Promise.resolve();
  expect(await exitCode(job, "cli --help")).toBe(code);
  expect(lines).toEqual(expected);
});
