import { expect, test } from "vitest";
import { convNet, denseConvNet, groupedConvNet } from "../../tests/networks.ts";
import { BackendMismatchError, checkParity } from "./parity.ts";
import { skippedOnWebGpu } from "../../tests/other_backends.ts";

const skip = await skippedOnWebGpu("the comparison of WebGPU with WASM");

test.skipIf(skip)("checkParity() passes a network that both backends agree on", async () => {
  const { relative } = await checkParity(convNet(), { inputs: { x: [1, 3, 12, 12] } });
  expect(relative).toBeLessThan(1e-5);
});

// Two faults of ONNX Runtime Web 1.30.0. A version in which one of these passes is free of it.
test.skipIf(skip).each([
  ["64 groups of 9 filters", groupedConvNet(64, 9), 64],
  ["6 channels into 8 filters", denseConvNet(6, 8), 6],
])("checkParity() names the first tensor that is wrong: %s", async (_, network, channels) => {
  const check = checkParity(network, { inputs: { x: [1, channels, 8, 8] } });
  const error = await check.catch((reason) => reason);
  expect(error).toBeInstanceOf(BackendMismatchError);
  expect(error.difference.tensor).toBe("conv");
  expect(error.difference.relative).toBeGreaterThan(0.1);
  expect(error.message).toContain('use the backend "wasm"');
});

test.skipIf(skip).each([
  ["64 groups of 8 filters", groupedConvNet(64, 8), 64],
  ["8 channels into 8 filters", denseConvNet(8, 8), 8],
])("checkParity() passes what is free of those faults: %s", async (_, network, channels) => {
  const { relative } = await checkParity(network, { inputs: { x: [1, channels, 8, 8] } });
  expect(relative).toBeLessThan(1e-5);
});
