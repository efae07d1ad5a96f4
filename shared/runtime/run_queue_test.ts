import { expect, test } from "vitest";
import { RunQueue } from "./run_queue.ts";

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test("RunQueue does one job at a time, in order", async () => {
  const queue = new RunQueue();
  let running = 0;
  const log: number[] = [];
  await Promise.all([5, 1, 3].map((ms, i) =>
    queue.enqueue(async () => {
      expect(++running).toBe(1);
      await pause(ms);
      log.push(i);
      running--;
    })
  ));
  expect(log).toEqual([0, 1, 2]);
  expect(queue.size).toBe(0);
});

test("RunQueue goes on after a job that fails", async () => {
  const queue = new RunQueue();
  const failed = queue.enqueue(() => Promise.reject(new Error("broken")));
  const after = queue.enqueue(() => Promise.resolve(7));
  await expect(failed).rejects.toThrow("broken");
  expect(await after).toBe(7);
});

test("RunQueue rejects a waiting job at once when it is aborted, and never does it", async () => {
  const queue = new RunQueue();
  const gate = Promise.withResolvers<void>();
  const first = queue.enqueue(() => gate.promise);
  const controller = new AbortController();
  let done = false;
  const second = queue.enqueue(() => Promise.resolve(done = true), controller.signal);
  controller.abort(new Error("gone"));
  await expect(second).rejects.toThrow("gone");
  gate.resolve();
  await first;
  await queue.enqueue(() => Promise.resolve());
  expect(done).toBe(false);
});

test("RunQueue lets a job that has begun end, though it is aborted", async () => {
  const queue = new RunQueue();
  const controller = new AbortController();
  const result = queue.enqueue(async () => {
    controller.abort();
    await pause(1);
    return "whole";
  }, controller.signal);
  expect(await result).toBe("whole");
});

test("RunQueue refuses a signal that is aborted already", async () => {
  const queue = new RunQueue();
  const late = queue.enqueue(() => Promise.resolve(), AbortSignal.abort(new Error("too late")));
  await expect(late).rejects.toThrow("too late");
  expect(queue.size).toBe(0);
});

test("RunQueue lets timers fire between jobs that block the thread", async () => {
  const queue = new RunQueue();
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 30);
  let done = 0;
  const block = () => {
    const end = performance.now() + 12;
    while (performance.now() < end);
    done++;
    return Promise.resolve();
  };
  const jobs = Array.from({ length: 20 }, () => queue.enqueue(block, controller.signal));
  await expect(Promise.all(jobs)).rejects.toThrow("stop");
  await Promise.allSettled(jobs);
  expect(done).toBeLessThan(10);
});
