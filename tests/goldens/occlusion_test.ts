/** Captum's occlusion maps, reproduced from the same inputs. */
import { expect, test } from "vitest";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  evaluateTile,
  occlusionArrays,
  planOcclusion,
} from "../../shared/techniques/occlusion/mod.ts";
import { manifestFor } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/techniques/network.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { goldens, modelMirror, skipWithout } from "../data.ts";

const CASES = [
  "googlenet-bvlc/chelsea-281",
  "googlenet-bvlc/coffee-967",
  "squeezenet1.1/chelsea-281",
  "squeezenet1.1/coffee-967",
  "mobilenetv2-1.0-224/chelsea-282",
  "mobilenetv2-1.0-224/coffee-968",
];

/** Largest difference allowed, relative to the range of the reference. */
const TOLERANCE = 1e-4;

const skip = skipWithout(goldens && modelMirror, "the comparison of occlusion maps with Captum's");

test.skipIf(skip).each(CASES)("occlusion equals Captum's: %s", async (id) => {
  const folder = join(goldens!, id);
  const read = (file: string) => decodeNpy(readFileSync(join(folder, file))) as Tensor<"float32">;
  const { model, target, occlusion } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
  await using network = await openNetwork({
    manifest: manifestFor({ path: model, height: 224, width: 224 }),
    bytes: readFileSync(join(modelMirror!, model, "onnx/model.onnx")),
  }, { backend: "wasm" });
  const tensor = read("x.npy");
  const picture = { width: 224, height: 224, data: new Uint8ClampedArray(224 * 224 * 4) };
  const { window, stride, baseline } = occlusion;
  const plan = await planOcclusion(network, { tensor, picture }, {
    target: `${target.index}`,
    window,
    stride,
    fill: baseline,
    score: "logit",
    layer: "none",
    seed: 0,
  });
  expect([plan.rows, plan.columns]).toEqual([occlusion.rows, occlusion.columns]);
  expect(plan.unoccluded.logit).toBeCloseTo(target.logit, 3);
  const part = await evaluateTile(network, plan, 0, plan.rows * plan.columns);
  const arrays = occlusionArrays(plan, [part]);
  const column = (data: ArrayLike<number>, i: number) =>
    Array.from(data).filter((_, at) => at % 2 === i);
  for (const i of [0, 1]) {
    const [actual, expected] = [arrays.scores, read("occlusion/scores.npy")];
    expect(relativeDifference(column(actual.data, i), column(expected.data, i)))
      .toBeLessThan(TOLERANCE);
  }
  if (!existsSync(join(folder, "occlusion/attribution.npy"))) return;
  expect(relativeDifference(arrays.attribution.data, read("occlusion/attribution.npy").data))
    .toBeLessThan(TOLERANCE);
});

function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const all = Array.from(expected);
  const range = all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b));
  return all.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i])), 0) / range;
}
