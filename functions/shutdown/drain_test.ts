import { expect, test } from "vitest";
import { Drain } from "./drain.ts";

test("Drain.idle settles when the server is to stop and the last answer is sent", async () => {
  const drain = new Drain();
  const seen: string[] = [];
  drain.idle.then(() => seen.push("idle"));
  const [leaveFirst, leaveSecond] = [drain.enter(), drain.enter()];
  leaveFirst();
  expect(drain.running).toBe(1);
  drain.begin();
  await Promise.resolve();
  expect([drain.stopping.aborted, drain.expired.aborted, seen]).toEqual([true, false, []]);
  drain.expire();
  expect(drain.expired.aborted).toBe(true);
  leaveSecond();
  await drain.idle;
  expect(seen).toEqual(["idle"]);
});

test("Drain.idle settles at once if nothing runs", async () => {
  const drain = new Drain();
  drain.enter()();
  drain.begin();
  await drain.idle;
  expect(drain.running).toBe(0);
});
