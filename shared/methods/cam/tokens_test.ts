import { expect, test } from "vitest";
import { inputOf, openSmall } from "../../../tests/open_small.ts";
import { convNextNet, swinNet, VIT, vitNet, WIDTH } from "../../../tests/transformers.ts";
import { runMethod } from "../../contract/run_method.ts";
import { cutModel, encodeModel } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import { openSession } from "../../runtime/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { cam, camOptions } from "./mod.ts";

const CLASS = 3;
const STEP = 1e-2;

const run = (network: Network, options: Record<string, unknown>) =>
  runMethod(
    cam,
    network,
    { image: inputOf(network) },
    camOptions.parse({ target: `${CLASS}`, ...options }),
    {},
  );

/** Activations of a tensor of the file, and the slope of the class by each, as central differences. */
async function slopesOf(network: Network, tensor: string) {
  const input = inputOf(network).tensor;
  const { [tensor]: { data, dims } } = await network.compute(input, [tensor]);
  const a = data as Float32Array;
  const ends = [{ name: tensor, dims }, { name: "x", dims: input.dims }];
  const tail = cutModel(network.model, ends, ["logits"]);
  const readsImage = tail.graph.input.some(({ name }) => name === "x");
  await using session = await openSession(encodeModel(tail), { backend: "wasm" });
  const scoreAt = async (at: number, step: number) => {
    const moved = a.slice();
    moved[at] += step;
    const { logits } = await session.run({
      [tensor]: float32(moved, dims),
      ...readsImage && { x: input },
    });
    return Number(logits.data[CLASS]);
  };
  const g = new Float32Array(a.length);
  for (let i = 0; i < a.length; i++) {
    g[i] = (await scoreAt(i, STEP) - await scoreAt(i, -STEP)) / (2 * STEP);
  }
  return { a, g };
}

/** Of a map with its channels last, `before` tokens into the tensor: the sum of slope x activation. */
function mapOf({ a, g }: { a: Float32Array; g: Float32Array }, positions: number, before: number) {
  const channels = WIDTH;
  return Array.from({ length: positions }, (_, place) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) {
      const at = (before + place) * channels + c;
      sum += a[at] * g[at];
    }
    return sum;
  });
}

function expectClose(actual: Tensor, expected: readonly number[]) {
  const apart = expected.map((value, i) => value - Number(actual.data[i]));
  // The third derivative over a step of 1e-2, and rounding of float32.
  expect(Math.hypot(...apart) / Math.hypot(...expected)).toBeLessThan(5e-3);
}

test("of tokens, the map is that of their positions, as central differences have it", async () => {
  await using network = await openSmall(vitNet(), VIT.height, VIT.width);
  const { arrays, measures } = await run(network, { method: "hirescam" });
  // Behind the last attention only the class token counts: what that attention reads is taken.
  expect(network.tensorOf(measures.layer as string)).toBe("block1.norm1");
  expect(arrays.cam.dims).toEqual([VIT.rows, VIT.columns]);
  expectClose(arrays.cam, mapOf(await slopesOf(network, "block1.norm1"), 12, 1));
});

test("where all tokens are averaged, the last map is taken", async () => {
  await using network = await openSmall(vitNet({ pool: "mean" }), VIT.height, VIT.width);
  const { measures } = await run(network, {});
  expect(network.tensorOf(measures.layer as string)).toBe("norm");
});

test("a token that nothing reads any more is said to be so", async () => {
  await using network = await openSmall(vitNet(), VIT.height, VIT.width);
  await expect(run(network, { layer: "block1.out" })).rejects.toThrow(
    "only its tokens without a position, such as a class token",
  );
  await expect(run(network, { layer: "block0.attn" })).rejects.toThrow(
    'Cannot map "block0.attn"',
  );
});

test("of channels last, in a network of shifted windows and one of two transposes", async () => {
  await using swin = await openSmall(swinNet(), 16, 16);
  const shifted = await run(swin, { method: "hirescam", layer: "norm" });
  expectClose(shifted.arrays.cam, mapOf(await slopesOf(swin, "norm"), 64, 0));
  await using next = await openSmall(convNextNet(), 12, 10);
  const narrow = await run(next, { method: "hirescam", layer: "narrow" });
  expect(narrow.arrays.cam.dims).toEqual([6, 5]);
  expectClose(narrow.arrays.cam, mapOf(await slopesOf(next, "narrow"), 30, 0));
});

test("gradcam and scorecam read tokens too", async () => {
  await using network = await openSmall(vitNet(), VIT.height, VIT.width);
  const { a, g } = await slopesOf(network, "block1.norm1");
  const weights = Array.from({ length: WIDTH }, (_, c) => {
    let sum = 0;
    for (let place = 0; place < 12; place++) sum += g[(1 + place) * WIDTH + c];
    return sum / 12;
  });
  const expected = Array.from(
    { length: 12 },
    (_, place) => weights.reduce((sum, w, c) => sum + w * a[(1 + place) * WIDTH + c], 0),
  );
  expectClose((await run(network, {})).arrays.cam, expected);
  const score = await run(network, { method: "scorecam" });
  expect(score.arrays.cam.dims).toEqual([VIT.rows, VIT.columns]);
  expect(score.measures.channels).toBe(WIDTH);
});
