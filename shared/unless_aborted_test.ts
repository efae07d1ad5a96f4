import { expect, test } from "vitest";
import { unlessAborted } from "./unless_aborted.ts";

const never = new Promise<never>(() => {});

test("unlessAborted() brings what the work brings", async () => {
  const { signal } = new AbortController();
  expect(await unlessAborted(Promise.resolve(7), signal)).toBe(7);
  await expect(unlessAborted(Promise.reject(new Error("broken")), signal)).rejects.toThrow(
    "broken",
  );
});

test("unlessAborted() ends with the signal, before or while the work is under way", async () => {
  const controller = new AbortController();
  const ended = unlessAborted(never, controller.signal);
  controller.abort(new Error("too late"));
  await expect(ended).rejects.toThrow("too late");
  await expect(unlessAborted(never, controller.signal)).rejects.toThrow("too late");
});
