import { runMethod } from "../../contract/run_method.ts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { convNet, linearNet, randomTensor } from "../../../tests/networks.ts";
import type { Image } from "../../image/image.ts";
import { manifestFor } from "../../models/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { classScores } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";
import { openNetwork, type OpenNetworkOptions } from "../../network/open_network.ts";
import { occlusionArrays } from "./arrays.ts";
import { assembleOcclusion } from "./assemble.ts";
import { type OcclusionOptions, occlusionOptions } from "./options.ts";
import { planOcclusion } from "./plan.ts";
import { evaluateTile, type OcclusionPart } from "./tile_kernel.ts";
import { occlusion } from "./mod.ts";
import { skippedOnWebGpu } from "../../../tests/other_backends.ts";

interface Size {
  readonly height: number;
  readonly width: number;
}

const blank = ({ height, width }: Size): Image => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height * 4).fill(255),
});
const inputOf = (size: Size, seed: number) => ({
  tensor: randomTensor([1, 3, size.height, size.width], seed),
  image: blank(size),
});
const options = (change: Partial<OcclusionOptions>): OcclusionOptions => ({
  ...occlusionOptions.parse({}),
  ...change,
});
const open = (bytes: Uint8Array, size: Size, { backend = "wasm" }: OpenNetworkOptions = {}) =>
  openNetwork({ manifest: manifestFor({ path: "small", ...size }), bytes }, { backend });

/** The whole map in tiles of `tile` positions, put together back to front. */
async function inTiles(
  network: Network,
  input: ReturnType<typeof inputOf>,
  chosen: OcclusionOptions,
  tile: number,
) {
  const plan = await planOcclusion(network, input, chosen);
  const parts: OcclusionPart[] = [];
  const total = plan.rows * plan.columns;
  for (let first = 0; first < total; first += tile) {
    // A worker gets the job as JSON.
    const sent = { job: JSON.parse(JSON.stringify(plan.job)), input: plan.input };
    const positions = Array.from({ length: Math.min(tile, total - first) }, (_, i) => first + i);
    parts.push(await evaluateTile(network, sent, positions.toReversed()));
  }
  return { plan, arrays: occlusionArrays(plan, parts.reverse()) };
}

test("an occlusion map equals one forward pass per window, for any size", async () => {
  const cases = fc.record({
    height: fc.integer({ min: 6, max: 14 }),
    width: fc.integer({ min: 6, max: 14 }),
    window: fc.integer({ min: 3, max: 6 }),
    stride: fc.integer({ min: 2, max: 6 }),
    fill: fc.constantFrom(0, -0.5, 1.25),
    score: fc.constantFrom("logit" as const, "probability" as const),
    seed: fc.integer({ min: 1, max: 1000 }),
  }).filter(({ window, stride }) => stride <= window);
  await fc.assert(
    fc.asyncProperty(cases, async ({ height, width, seed, ...chosen }) => {
      const size = { height, width };
      await using network = await open(convNet({ ...size, seed }), size);
      const input = inputOf(size, seed);
      const { plan, arrays } = await inTiles(network, input, options(chosen), 1000);
      const before = await classScores(network, input.tensor);
      const target = before.logits.indexOf(Math.max(...before.logits));
      expect(plan.target.index).toBe(target);
      const sums = new Float64Array(height * width);
      const counts = new Float64Array(height * width);
      let position = 0;
      for (let row = 0; row < plan.rows; row++) {
        for (let column = 0; column < plan.columns; column++, position++) {
          const covered = [];
          const data = input.tensor.data.slice();
          for (let y = row * chosen.stride; y < row * chosen.stride + chosen.window; y++) {
            for (let x = column * chosen.stride; x < column * chosen.stride + chosen.window; x++) {
              if (y >= height || x >= width) continue;
              covered.push(y * width + x);
              for (const c of [0, 1, 2]) data[(c * height + y) * width + x] = chosen.fill;
            }
          }
          const after = await classScores(network, { ...input.tensor, data });
          expect(arrays.scores.data[2 * position]).toBe(after.logits[target]);
          expect(arrays.scores.data[2 * position + 1]).toBe(after.probabilities[target]);
          expect(after.logits[arrays.topClass!.data[position]]).toBe(Math.max(...after.logits));
          const name = chosen.score === "logit" ? "logits" : "probabilities";
          for (const pixel of covered) {
            sums[pixel] += before[name][target] - after[name][target];
            counts[pixel]++;
          }
        }
      }
      expect(arrays.attribution.dims).toEqual([1, 3, height, width]);
      arrays.attribution.data.forEach((value, i) => {
        const pixel = i % (height * width);
        expect(value).toBeCloseTo(sums[pixel] / counts[pixel], 5);
      });
    }),
    { numRuns: 12 },
  );
});

test("an occlusion map of a linear network is the sum of weight times input under the window", async () => {
  const size = { height: 9, width: 11 };
  const pixels = 3 * size.height * size.width;
  const weights = randomTensor([pixels, 2], 7);
  await using network = await open(linearNet(weights, [3, size.height, size.width]), size);
  const input = inputOf(size, 3);
  const chosen = options({ window: 4, stride: 3, target: "1", layer: "none" });
  const { plan, arrays } = await inTiles(network, input, chosen, 1000);
  for (let position = 0; position < plan.rows * plan.columns; position++) {
    const [top, left] = [Math.floor(position / plan.columns) * 3, (position % plan.columns) * 3];
    let expected = 0;
    for (let i = 0; i < pixels; i++) {
      const y = Math.floor(i / size.width) % size.height;
      const x = i % size.width;
      const inside = y >= top && y < top + 4 && x >= left && x < left + 4;
      if (inside) expected += weights.data[2 * i + 1] * input.tensor.data[i];
    }
    expect(plan.unoccluded.logit - arrays.scores.data[2 * position]).toBeCloseTo(expected, 3);
  }
});

test.each(["zero", "mean", "grey", "blur", "noise"] as const)(
  "the map is the same to the last bit for any tile size, fill %s",
  async (fill) => {
    const size = { height: 13, width: 12 };
    await using network = await open(convNet(size), size);
    const input = inputOf(size, 4);
    const chosen = options({ window: 5, stride: 2, fill, seed: 3 });
    const whole = await inTiles(network, input, chosen, 1000);
    expect(whole.arrays.layerSum?.dims).toEqual([whole.plan.rows, whole.plan.columns]);
    for (const tile of [1, 3, 7]) {
      expect((await inTiles(network, input, chosen, tile)).arrays).toEqual(whole.arrays);
    }
  },
);

test("the layer's map is the total of the channel that is strongest without the occluder", async () => {
  const size = { height: 12, width: 12 };
  await using network = await open(convNet(size), size);
  const input = inputOf(size, 4);
  const { plan, arrays } = await inTiles(
    network,
    input,
    options({ window: 12, stride: 12, fill: 0.5, layer: "relu1" }),
    1,
  );
  const sums = (maps: Tensor) =>
    Array.from(
      { length: 8 },
      (_, c) => (maps.data as Float32Array).slice(c * 144, (c + 1) * 144).reduce((a, b) => a + b),
    );
  const before = sums((await network.forward(input.tensor, ["relu1"])).relu1);
  const channel = before.indexOf(Math.max(...before));
  expect(plan.job.layer).toEqual({ tensor: "relu1", channel });
  const covered = { ...input.tensor, data: new Float32Array(3 * 144).fill(0.5) };
  const after = sums((await network.forward(covered, ["relu1"])).relu1);
  expect(arrays.layerSum?.data[0]).toBeCloseTo(after[channel], 2);
});

/** Large enough for incremental inference to be worth it. */
const large = { height: 72, width: 90 };

test("incremental inference gives the map of full inference, the layer's included", async () => {
  await using network = await open(convNet(large), large);
  const input = inputOf(large, 4);
  for (const layer of ["relu1", "relu2", "none"]) {
    const maps = [];
    for (const inference of ["full", "incremental", "auto"] as const) {
      const chosen = options({ window: 16, stride: 14, fill: 3, layer, inference });
      maps.push(await inTiles(network, input, chosen, 7));
    }
    const [full, incremental, auto] = maps;
    expect(full.plan.incremental).toBeUndefined();
    expect(incremental.plan.incremental!.multiplyAdds.incremental)
      .toBeLessThan(0.3 * incremental.plan.incremental!.multiplyAdds.full);
    expect(auto.plan.job.inference).toBe("incremental");
    expect(auto.arrays).toEqual(incremental.arrays);
    expect(incremental.arrays.topClass).toEqual(full.arrays.topClass);
    for (const name of ["scores", "attribution", "topProbability", "layerSum"] as const) {
      expect(relativeDifference(incremental.arrays[name], full.arrays[name])).toBeLessThan(1e-5);
    }
  }
});

test("incremental inference is the same to the last bit for any tile size", async () => {
  await using network = await open(convNet(large), large);
  const chosen = options({ window: 16, stride: 14, inference: "incremental" });
  const whole = await inTiles(network, inputOf(large, 4), chosen, 1000);
  for (const tile of [1, 5]) {
    // Another image in between: what is kept of one must not get into the other.
    await inTiles(network, inputOf(large, 5), chosen, 20);
    expect((await inTiles(network, inputOf(large, 4), chosen, tile)).arrays).toEqual(whole.arrays);
  }
});

test.each(["full", "incremental"] as const)(
  "with nothing but the logit measured, %s inference gives the same logits",
  async (inference) => {
    await using network = await open(convNet(large), large);
    const input = inputOf(large, 4);
    const base = { window: 16, stride: 14, fill: 3, target: "3", layer: "none" };
    const all = await inTiles(network, input, options({ ...base, inference: "full" }), 1000);
    const chosen = options({ ...base, inference, measures: "logit" });
    const { plan, arrays } = await inTiles(network, input, chosen, 7);
    const logits = (data: Float32Array) =>
      float32(data.filter((_, i) => i % 2 === 0), [data.length / 2]);
    expect(relativeDifference(logits(arrays.scores.data), logits(all.arrays.scores.data)))
      .toBeLessThan(1e-5);
    expect(arrays.scores.data.every((value, i) => i % 2 === 0 || Number.isNaN(value))).toBe(true);
    expect(arrays.topClass).toBeUndefined();
    expect(relativeDifference(arrays.attribution, all.arrays.attribution)).toBeLessThan(1e-5);
    const { figures, measures } = assembleOcclusion(plan, []);
    expect(figures.figure.panels.map(({ id }) => id)).toEqual(["overlay", "logit"]);
    expect(measures.topClassKept).toBeUndefined();
  },
);

/** The largest difference, relative to the range. */
function relativeDifference(a?: Tensor<"float32">, b?: Tensor<"float32">): number {
  expect(a?.dims).toEqual(b?.dims);
  if (!a || !b) return 0;
  const range = b.data.reduce((x, y) => Math.max(x, y)) - b.data.reduce((x, y) => Math.min(x, y));
  return a.data.reduce(
    (worst, value, i) => Math.max(worst, Number.isNaN(b.data[i]) ? 0 : Math.abs(value - b.data[i])),
    0,
  ) / range;
}

test("planOcclusion() refuses what does not fit the network", async () => {
  const size = { height: 12, width: 12 };
  await using network = await open(convNet(size), size);
  const input = inputOf(size, 1);
  const plan = (change: Partial<OcclusionOptions>) =>
    planOcclusion(network, input, options({ window: 4, stride: 2, ...change }));
  await expect(plan({ window: 13 })).rejects.toThrow("the window is 13 pixels, expected 1 to 12");
  await expect(plan({ layer: "relu9" })).rejects.toThrow('Cannot find the layer "relu9"');
  await expect(plan({ layer: "flat" })).rejects.toThrow('"flat": its shape is [1,8]');
  await expect(plan({ measures: "logit", score: "probability" })).rejects
    .toThrow('the score is "logit" and no layer is followed; the score is "probability"');
  await expect(plan({ measures: "logit", layer: "relu1" })).rejects.toThrow('the layer "relu1"');
  await expect(plan({ target: "99" })).rejects.toThrow(RangeError);
  await expect(planOcclusion(network, inputOf({ height: 12, width: 13 }, 1), options({}))).rejects
    .toThrow("the input has shape [1,3,12,13], expected [1,3,12,12]");
});

test("evaluateTile() refuses positions that are not on the grid", async () => {
  const size = { height: 12, width: 12 };
  await using network = await open(convNet(size), size);
  const plan = await planOcclusion(network, inputOf(size, 1), options({ window: 4, stride: 4 }));
  for (const positions of [[-1], [], [8, 9], [NaN], [3, 3], [0.5]]) {
    await expect(evaluateTile(network, plan, positions)).rejects.toThrow("within 0 to 8");
  }
});

test("occlusion.run() reports each position and stops when it is aborted", async () => {
  const size = { height: 12, width: 12 };
  await using network = await open(convNet(size), size);
  const controller = new AbortController();
  const seen: number[] = [];
  const run = runMethod(
    occlusion,
    network,
    { image: inputOf(size, 1) },
    options({ window: 4, stride: 2 }),
    {
      signal: controller.signal,
      onProgress: ({ done, total, unit }) => {
        expect([total, unit]).toEqual([25, "positions"]);
        seen.push(done);
        if (done === 3) controller.abort(new Error("enough"));
      },
    },
  );
  await expect(run).rejects.toThrow("enough");
  expect(seen).toEqual([0, 1, 2, 3]);
});

test("occlusion.run() computes the map coarse first, with previews, and the result is the map", async () => {
  const size = { height: 20, width: 20 };
  await using network = await open(convNet(size), size);
  const input = inputOf(size, 1);
  const chosen = options({ window: 4, stride: 1 });
  const previews: number[] = [];
  const { arrays } = await runMethod(occlusion, network, { image: input }, chosen, {
    onProgress: ({ done, preview }) => {
      if (!preview) return;
      previews.push(done);
      expect(preview().width).toBe(input.tensor.dims[3]);
    },
  });
  // 17 x 17 positions: at 8, 20, 40 and 70 per cent.
  expect(previews).toEqual([24, 58, 116, 203]);
  expect(arrays).toEqual((await inTiles(network, input, chosen, 50)).arrays);
});

test("assembleOcclusion() shows what is there of an incomplete map", async () => {
  const size = { height: 12, width: 12 };
  await using network = await open(convNet(size), size);
  const plan = await planOcclusion(network, inputOf(size, 1), options({ window: 4, stride: 4 }));
  const part = await evaluateTile(network, plan, [4]);
  const { arrays, figures } = assembleOcclusion(plan, [part]);
  const known = [...arrays.topClass!.data as Float32Array].map((value) => !Number.isNaN(value));
  expect(known.indexOf(true)).toBe(4);
  expect(known.filter(Boolean)).toHaveLength(1);
  expect(figures.figure.panels[0].id).toBe("overlay");
});

const skip = await skippedOnWebGpu("occlusion on WebGPU");

test.skipIf(skip).each(
  [
    ["full", { height: 13, width: 12 }, { window: 5, stride: 2 }],
    ["incremental", large, { window: 16, stride: 14, fill: 3 }],
  ] as const,
)(
  "an occlusion map on WebGPU, in batches, equals that on WASM: %s inference",
  async (inference, size, chosen) => {
    const input = inputOf(size, 4);
    const maps = [];
    for (const backend of ["wasm", "webgpu"] as const) {
      await using network = await open(convNet(size), size, { backend });
      const map = await inTiles(network, input, options({ ...chosen, inference }), 7);
      expect(map.plan.job.inference).toBe(inference);
      maps.push(map.arrays);
    }
    const [wasm, webgpu] = maps;
    webgpu.scores.data.forEach((value, i) => expect(value).toBeCloseTo(wasm.scores.data[i], 4));
    webgpu.attribution.data.forEach((value, i) =>
      expect(value).toBeCloseTo(wasm.attribution.data[i], 4)
    );
  },
);

test("a target that is not a class is evaluated at each position, and what else it takes is told", async () => {
  const size = { height: 8, width: 8 };
  await using network = await open(convNet(size), size);
  const [image, guide] = [inputOf(size, 3), inputOf(size, 4)];
  const chosen = { window: 4, stride: 4 };
  const run = (change: Partial<OcclusionOptions>) =>
    runMethod(
      occlusion,
      network,
      { image, ...change.target?.startsWith("code") && { guide } },
      options({ ...chosen, ...change }),
      {},
    );
  const at = async (tensor: Tensor, layer: string) =>
    Array.from((await network.forward(tensor, [layer]))[layer].data as Float32Array);
  const features = await at(guide.tensor, "relu2");
  const cosine = (values: number[]) =>
    values.reduce((sum, value, i) => sum + value * features[i], 0) /
    Math.hypot(...values) / Math.hypot(...features);
  const cases: [target: string, layer: string, value: (values: number[]) => number][] = [
    ["class 1 - 0.5*class 3", "logits", (values) => values[1] - 0.5 * values[3]],
    ["relu2:1:3:3", "relu2", (values) => values[64 + 3 * 8 + 3]],
    ["code@relu2:other.png", "relu2", cosine],
  ];
  for (const [target, layer, valueOf] of cases) {
    const { arrays, measures } = await run({ target });
    expect(measures.value, target).toBeCloseTo(valueOf(await at(image.tensor, layer)), 4);
    for (let position = 0; position < 4; position++) {
      const hidden = image.tensor.data.map((value, i) => {
        const [row, column] = [Math.floor((i % 64) / 8), i % 8];
        const isHidden = Math.floor(row / 4) === position >> 1 &&
          Math.floor(column / 4) === position % 2;
        return isHidden ? 0 : value;
      });
      const expected = valueOf(await at(float32(hidden, image.tensor.dims), layer));
      expect(arrays.scores.data[2 * position], target).toBeCloseTo(expected, 4);
    }
  }
  await expect(run({ target: "relu2:1", inference: "incremental" })).rejects.toThrow(
    'Cannot occlude: of "relu2:1" nothing but its value is measured, with full inference',
  );
});
