import { expect, test } from "vitest";
import { convNet } from "../../tests/networks.ts";
import { manifestFor } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/network.ts";
import { memoryOf } from "../../shared/methods/job_memory.ts";
import { checkMemory } from "./check_memory.ts";

const open = (side: number) =>
  openNetwork({
    manifest: manifestFor({ path: "small.onnx", height: side, width: side }),
    bytes: convNet({ height: side, width: side }),
  }, { backend: "wasm" });

test("memoryOf() grows with the tensors, with a gradient, and with what is dreamt into", async () => {
  await using small = await open(32);
  await using large = await open(256);
  const of = (network: typeof small, method: string, options = {}) =>
    memoryOf(network, method, options);
  expect(of(large, "gradient")).toBeGreaterThan(of(small, "gradient"));
  expect(of(large, "gradient")).toBeGreaterThan(of(large, "occlusion"));
  expect(of(large, "deep-dream", { enlarge: 4 })).toBeGreaterThan(
    of(large, "deep-dream", { enlarge: 2 }),
  );
});

test("checkMemory() says what would fit, and that fits", async () => {
  await using network = await open(256);
  const limit = memoryOf(network, "deep-dream", { enlarge: 3 }) + 1;
  const check = (enlarge: number) => checkMemory(network, "deep-dream", { enlarge }, limit);
  expect(() => check(8)).toThrow(/would take about \d+ MiB of memory, .* enlarge 3 would fit/);
  expect(() => check(3)).not.toThrow();
  expect(() => checkMemory(network, "gradient", {}, 1)).toThrow("choose a smaller network");
});
