import { expect, test } from "vitest";
import { Isolates } from "./isolates.ts";

/** Whether a promise has settled, given time for what is on its way. */
async function settles(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return settled;
}

test("Isolates.allIdle waits for every isolate, whenever it was started", async () => {
  using first = new Isolates();
  using second = new Isolates();
  // Messages have to arrive before another may speak, as they do long before a server is stopped.
  expect(await settles(first.allIdle)).toBe(false);
  first.sayIdle();
  expect(await settles(first.allIdle)).toBe(false);
  using third = new Isolates();
  expect(await settles(third.allIdle)).toBe(false);
  second.sayIdle();
  expect(await settles(first.allIdle)).toBe(false);
  third.sayIdle();
  await Promise.all([first.allIdle, second.allIdle, third.allIdle]);
});
