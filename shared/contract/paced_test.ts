import { expect, test } from "vitest";
import { paced } from "./paced.ts";

test("paced() lets a signal arrive in the middle of a loop that never waits", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")));
  const end = performance.now() + 2000;
  const steps = paced(
    function* () {
      while (performance.now() < end) yield;
    }(),
    controller.signal,
  );
  const loop = async () => {
    while (!(await steps.next()).done);
  };
  await expect(loop()).rejects.toThrow("enough");
});
