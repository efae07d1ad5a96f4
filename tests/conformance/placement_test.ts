import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { skippedOnWebGpu } from "../other_backends.ts";

const isMissing = await skippedOnWebGpu("where nodes run");

/**
 * Each node on the processor sends its values there and waits. ONNX Runtime's own log is what says
 * so; it names the processor only where a node is left to it.
 */
test.skipIf(isMissing)("a gradient runs on the GPU alone", async () => {
  const script = fileURLToPath(new URL("print_placement.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script],
  }).output();
  const log = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("\n");
  expect(log).toMatch(/placed on \[WebGpuExecutionProvider\]/);
  const left = log.match(/placed on \[CPUExecutionProvider\].*(\n.*){8}/)?.[0];
  expect(left).toBeUndefined();
});
