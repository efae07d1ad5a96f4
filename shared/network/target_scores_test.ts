import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel, ModelBuilder } from "../onnx/mod.ts";
import { openNetwork } from "./open_network.ts";
import { scoreTensor } from "./target_scores.ts";

/** A map of 4 classes, "scores", and what `fill` makes of it. */
async function scoresBehind(fill: (b: ModelBuilder, scores: string) => string): Promise<string> {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const scores = b.op("Conv", [x, b.constant(randomTensor([4, 3, 3, 3], 1))], {}, "scores");
  b.output(fill(b, scores));
  await using network = await openNetwork({
    manifest: manifestFor({ path: "map.onnx", height: 8, width: 8 }),
    bytes: encodeModel(b.build()),
  }, { backend: "wasm" });
  return scoreTensor(network);
}

test("a map of scores is found before its softmax, and behind the class of each position", async () => {
  expect(await scoresBehind((_, scores) => scores)).toBe("scores");
  expect(await scoresBehind((b, scores) => b.op("Softmax", [scores], { axis: 1 }, "p"))).toBe(
    "scores",
  );
  expect(
    await scoresBehind((b, scores) =>
      b.op("ArgMax", [b.op("Softmax", [scores], { axis: -3 })], { axis: 1 }, "mask")
    ),
  ).toBe("scores");
});

test("a softmax along the classes of channels last is one too, along rows it is none", async () => {
  const last = (axis: number) => (b: ModelBuilder, scores: string) => {
    const turned = b.op("Transpose", [scores], { perm: [0, 2, 3, 1] }, "turned");
    return b.op("Softmax", [turned], { axis }, "p");
  };
  expect(await scoresBehind(last(-1))).toBe("turned/map");
  expect(await scoresBehind(last(1))).toBe("p/map");
});
