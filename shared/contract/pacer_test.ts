import { expect, test } from "vitest";
import { pacer } from "./pacer.ts";

test("pacer() lets a signal arrive in the middle of a loop that never waits", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")));
  const turn = pacer(controller.signal);
  const end = performance.now() + 2000;
  const loop = async () => {
    while (performance.now() < end) await turn();
  };
  await expect(loop()).rejects.toThrow("enough");
});
