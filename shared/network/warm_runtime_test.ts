import { expect, test } from "vitest";
import { configureRuntime } from "../runtime/mod.ts";
import { warmRuntime } from "./warm_runtime.ts";

test("warmRuntime() loads the runtime, and leaves nothing in its way", async () => {
  // It can be configured until it is loaded.
  configureRuntime({});
  await Promise.all([warmRuntime("wasm"), warmRuntime("wasm")]);
  expect(() => configureRuntime({})).toThrow("it is loaded");
});
