/** Captum's occlusion maps, reproduced from the same inputs. */
import { expect, test } from "vitest";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { manifestFor } from "../../shared/models/mod.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import {
  COLUMNS,
  evaluateTile,
  occlusionArrays,
  occlusionOptions,
  planOcclusion,
} from "../../shared/methods/occlusion/mod.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { goldens, modelMirror, skipWithout } from "../data.ts";
import { hasBackend, otherBackends } from "../other_backends.ts";
import { sampled } from "../thorough.ts";

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

/** The network, the plan and the references of a case. */
async function openCase(id: string, backend: Backend) {
  const folder = join(goldens!, id);
  const read = (file: string) => decodeNpy(readFileSync(join(folder, file))) as Tensor<"float32">;
  const { model, target, occlusion } = JSON.parse(readFileSync(join(folder, "case.json"), "utf8"));
  const network = await openNetwork({
    manifest: manifestFor({ path: model, height: 224, width: 224 }),
    bytes: readFileSync(join(modelMirror!, model, "onnx/model.onnx")),
  }, { backend });
  const tensor = read("x.npy");
  const image = { width: 224, height: 224, data: new Uint8ClampedArray(224 * 224 * 4) };
  const { window, stride, baseline: fill, rows, columns } = occlusion;
  const options = occlusionOptions.parse({ target: `${target.index}`, window, stride, fill });
  const plan = await planOcclusion(network, { tensor, image }, options);
  expect([plan.rows, plan.columns]).toEqual([rows, columns]);
  expect(plan.unoccluded.logit).toBeCloseTo(target.logit, 3);
  const attribution = existsSync(join(folder, "occlusion/attribution.npy"))
    ? read("occlusion/attribution.npy")
    : undefined;
  return { network, plan, scores: read("occlusion/scores.npy"), attribution };
}

const column = (data: ArrayLike<number>, i: number) =>
  Array.from(data).filter((_, at) => at % 2 === i);

const found = await otherBackends();
const hasNative = hasBackend(found, "native");

/** A map takes a minute on WASM, and a third of that natively. */
const whole = sampled(
  CASES.flatMap((id) => (["wasm", "native"] as const).map((backend) => ({ id, backend }))),
  ({ id, backend }) =>
    backend === (hasNative && id !== "squeezenet1.1/chelsea-281" ? "native" : "wasm"),
).filter(({ backend }) => backend === "wasm" || hasNative);

test.skipIf(skip).each(whole)("occlusion equals Captum's: $id on $backend", async (row) => {
  const { network: opened, plan, scores, attribution } = await openCase(row.id, row.backend);
  await using network = opened;
  const part = await evaluateTile(network, plan, [...Array(plan.rows * plan.columns).keys()]);
  const arrays = occlusionArrays(plan, [part]);
  for (const i of [0, 1]) {
    expect(relativeDifference(column(arrays.scores.data, i), column(scores.data, i)))
      .toBeLessThan(TOLERANCE);
  }
  if (!attribution) return;
  expect(relativeDifference(arrays.attribution.data, attribution.data)).toBeLessThan(TOLERANCE);
});

const others = sampled(
  found.flatMap((other) => CASES.map((id) => ({ ...other, id }))),
  ({ id, backend }) => backend === "webgpu" && id === "squeezenet1.1/coffee-967",
);

// A software adapter is slow: some of the positions, in one whole batch and a part of one.
test.skipIf(skip).for(others)(
  "occlusion on $title equals Captum's: $id",
  async ({ id, backend, isMissing }, { skip }) => {
    skip(isMissing, "it is not on this machine");
    const { network: opened, plan, scores } = await openCase(id, backend);
    await using network = opened;
    const [first, count] = [80, 11];
    const positions = Array.from({ length: count }, (_, i) => first + i);
    const part = await evaluateTile(network, plan, positions);
    const expected = column(scores.data, 0);
    const range = Math.max(...expected) - Math.min(...expected);
    for (let i = 0; i < count; i++) {
      const difference = Math.abs(part.values[i * COLUMNS.length] - expected[first + i]);
      expect(difference / range).toBeLessThan(TOLERANCE);
    }
  },
);

function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const all = Array.from(expected);
  const range = all.reduce((a, b) => Math.max(a, b)) - all.reduce((a, b) => Math.min(a, b));
  return all.reduce((worst, value, i) => Math.max(worst, Math.abs(value - actual[i])), 0) / range;
}
