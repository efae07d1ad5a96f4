import { beforeAll, expect, test } from "vitest";
import { openModel } from "../../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../../shared/onnx/mod.ts";
import { openSession } from "../../../shared/runtime/mod.ts";
import { float32 } from "../../../shared/tensor/tensor.ts";
import { TRAINING_ARTISTS } from "../drawings/artists.ts";
import { type GlyphLibrary, loadGlyphs } from "../drawings/glyph_library.ts";
import { renderBatch } from "./batch.ts";
import { evaluate, rankOf, topClass } from "./evaluate.ts";

let library: GlyphLibrary;
beforeAll(async () => {
  library = await loadGlyphs(TRAINING_ARTISTS);
});

/** Says class 7 with a probability of one half, whatever it is shown. */
function stubbornNetwork(side: number): Uint8Array {
  const classes = library.length;
  const b = new ModelBuilder();
  const flat = b.op("Flatten", [b.input("image", ["N", 3, side, side])]);
  const weights = b.constant(float32(new Float32Array(classes * 3 * side ** 2), [
    classes,
    3 * side ** 2,
  ]));
  const bias = new Float32Array(classes);
  bias[7] = Math.log(classes - 1);
  const scores = b.op("Gemm", [flat, weights, b.constant(float32(bias, [classes]))], { transB: 1 });
  b.output(b.op("Softmax", [scores], { axis: 1 }, "prob"));
  return encodeModel(b.build());
}

test("a network that always gives one answer is as good as that class is frequent", async () => {
  const options = { seed: 77, scenes: 100, side: 8 };
  await using session = await openSession(stubbornNetwork(8), { backend: "wasm" });
  const { labels } = renderBatch(library, { ...options, first: 0, count: 100 });
  const share = labels.filter((label) => label === 7).length / 100;
  const found = await evaluate(session, library, options);
  expect(found.top1).toBeCloseTo(share, 12);
  expect(found.calibrationError).toBeCloseTo(0.5 - share, 5);
});

test("the shipped network is as good as its card says", async () => {
  const { bytes, manifest, sha256, labels } = await openModel("glyphnet");
  const card = await Deno.readTextFile(
    new URL("../../../models/glyphnet/README.md", import.meta.url),
  );
  expect(card).toContain(sha256);
  const [, top1, top5] = /learned from \| \d+ \| ([\d.]+) % \| ([\d.]+) %/.exec(card)!.map(Number);
  await using session = await openSession(bytes, { backend: "wasm" });
  const options = { seed: 4242, scenes: 400, side: manifest.input.height };
  const found = await evaluate(session, library, options);
  expect(labels).toHaveLength(library.length);
  expect(Math.abs(100 * found.top1 - top1)).toBeLessThan(7);
  expect(Math.abs(100 * found.top5 - top5)).toBeLessThan(7);
});

test("the highest score wins, the first of equal ones", () => {
  expect(topClass([1, 3, 2])).toBe(1);
  expect(topClass([-2, -1, -1])).toBe(1);
});

test("a rank counts the scores above", () => {
  expect([0, 1, 2, 3].map((index) => rankOf(index, [4, 9, 4, 1]))).toEqual([1, 0, 1, 3]);
});
