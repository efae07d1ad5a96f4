import { expect, test } from "vitest";
import { float32 } from "../../shared/tensor/tensor.ts";
import { convNet } from "../../tests/networks.ts";
import { manifestFor } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { memoryOf } from "../../shared/methods/job_memory.ts";
import { checkMemory } from "./check_cost.ts";

const open = (side: number) =>
  openNetwork({
    manifest: manifestFor({ path: "small.onnx", height: side, width: side }),
    bytes: convNet({ height: side, width: side }),
  }, { backend: "wasm" });

const image = (width: number, height: number) => {
  const source = { width, height, data: new Uint8ClampedArray(4 * width * height) };
  const tensor = float32(new Float32Array(3), [1, 3, 1, 1]);
  const at = { left: 0, top: 0, width, height };
  return { image: { tensor, image: source, placement: { source, at } } };
};

test("memoryOf() grows with the tensors, with a gradient, and with what is dreamt into", async () => {
  await using small = await open(32);
  await using large = await open(256);
  expect(memoryOf(large, "gradient", {})).toBeGreaterThan(memoryOf(small, "gradient", {}));
  expect(memoryOf(large, "gradient", {})).toBeGreaterThan(memoryOf(large, "occlusion", {}));
  const dream = (enlarge: number, side = 2048) =>
    memoryOf(small, "deep-dream", { enlarge, side }, image(200, 100));
  expect(dream(4)).toBeGreaterThan(dream(2));
  expect(dream(2)).toBeGreaterThan(dream(2, 64));
  // From a megapixel on, a dream is computed in tiles.
  expect(dream(16)).toBe(dream(8));
});

test("checkMemory() says what would be less", async () => {
  await using network = await open(32);
  const options = { enlarge: 1, side: 2048 };
  const job = { network, method: "deep-dream", options, inputs: image(1000, 800) };
  const limit = memoryOf(network, "deep-dream", options, job.inputs);
  expect(() => checkMemory(job, limit)).not.toThrow();
  expect(() => checkMemory(job, limit - 1)).toThrow(
    /would take about \d+ MiB of memory, .*; choose a smaller network or image, or a smaller side/,
  );
  expect(() => checkMemory({ network, method: "gradient", options: {} }, 1)).toThrow(
    "choose a smaller network",
  );
});
