import { expect, test, vi } from "vitest";

test("warmRuntime() loads the runtime, and leaves nothing in its way", async () => {
  // Other tests of the same process have loaded it.
  vi.resetModules();
  const { configureRuntime } = await import("../runtime/mod.ts");
  const { warmRuntime } = await import("./warm_runtime.ts");
  // It can be configured until it is loaded.
  configureRuntime({});
  await Promise.all([warmRuntime("wasm"), warmRuntime("wasm")]);
  expect(() => configureRuntime({})).toThrow("it is loaded");
});
