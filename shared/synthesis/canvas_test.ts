import { expect, test } from "vitest";
import { convNet } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { openNetwork } from "../network/open_network.ts";
import { canvasFor } from "./canvas.ts";

const open = (side: number) =>
  openNetwork({
    manifest: manifestFor({ path: "small.onnx", height: side, width: side }),
    bytes: convNet({ height: side, width: side }),
  }, { backend: "wasm" });

test("a canvas holds the field of a unit, and is never beyond the input", async () => {
  await using large = await open(160);
  // Fields of 5 x 5 pixels; patterns of a few pixels have 96 to repeat in.
  expect(canvasFor(large, "conv2", "field").inputDims).toEqual([1, 3, 96, 96]);
  expect(canvasFor(large, "conv2", "input")).toBe(large);
  // A mean over all positions sees everything.
  expect(canvasFor(large, "logits", "field")).toBe(large);
  await using small = await open(20);
  expect(canvasFor(small, "conv2", "field")).toBe(small);
});
