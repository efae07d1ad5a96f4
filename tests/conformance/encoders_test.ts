/** An encoder without classes, and a transformer with two tokens without a position, in methods. */
import { afterAll, describe, expect, test } from "vitest";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { deprocess, manifestFor } from "../../shared/models/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { cutModel, encodeModel } from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";
import { clipNet, CODE, deitNet, VIT, WIDTH } from "../transformers.ts";

const { rows, columns, heads } = VIT;
const AREA = rows * columns;
const STEP = 1e-2;
/** The third derivative over a step of 1e-2, and rounding of float32. */
const TOLERANCE = 5e-3;

const manifest = manifestFor({ path: "small.onnx", height: VIT.height, width: VIT.width });
const open = (bytes: Uint8Array) => openNetwork({ manifest, bytes }, { backend: "wasm" });
const NETWORKS = [
  { name: "CLIP", network: await open(clipNet()), before: 1, output: "image_embeds" },
  { name: "DeiT", network: await open(deitNet()), before: 2, output: "logits" },
];
afterAll(() => Promise.all(NETWORKS.map(({ network }) => network.dispose())));

const inputOf = (seed: number) => {
  const tensor = randomTensor([1, 3, VIT.height, VIT.width], seed, 0.5);
  return { tensor, image: deprocess(tensor, manifest.input) };
};
const [image, guide] = [inputOf(4), inputOf(5)];

async function run(network: Network, id: string, options: Record<string, string>, second = false) {
  const method = await loadMethod(id);
  const inputs = { image, ...second && { guide } };
  return await runMethod(method, network, inputs, parseOptions(method.options, options), {});
}

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array, Number);

async function valuesOf(network: Network, tensor: string, input = image.tensor) {
  return numbers((await network.compute(input, [tensor]))[tensor]);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * q[i], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function expectClose(actual: Tensor, expected: readonly number[], tolerance: number) {
  expect(actual.data).toHaveLength(expected.length);
  const apart = expected.map((value, i) => value - Number(actual.data[i]));
  expect(Math.hypot(...apart) / Math.hypot(...expected)).toBeLessThan(tolerance);
}

/**
 * A gradient by the image is compared with a central difference: along itself, where that is
 * largest, and something of every other direction.
 */
async function expectGradient(
  gradient: readonly number[],
  value: (x: Tensor<"float32">) => Promise<number>,
) {
  const length = Math.hypot(...gradient);
  const other = numbers(randomTensor([gradient.length], 9, gradient.length ** -0.5));
  const direction = gradient.map((one, i) => one / length + other[i]);
  const at = (step: number) => {
    const data = image.tensor.data.map((one, i) => one + step * direction[i]);
    return value(float32(data, image.tensor.dims));
  };
  const expected = (await at(STEP) - await at(-STEP)) / (2 * STEP);
  const found = gradient.reduce((sum, one, i) => sum + one * direction[i], 0);
  expect(Math.abs(found / expected - 1)).toBeLessThan(TOLERANCE);
}

/** The similarity of a network's output with that of the second image, of the image or another. */
const similarityBy = (network: Network, output: string) => async (x: Tensor<"float32">) =>
  cosine(await valuesOf(network, output, x), await valuesOf(network, output, guide.tensor));

describe.each(NETWORKS)("in $name", ({ network, before, output }) => {
  test("activations are those of the tokens with a position, channel by channel", async () => {
    const tokens = await valuesOf(network, "block1.out");
    const { arrays } = await run(network, "activations", { layer: "block1.out" });
    const expected = Array.from({ length: WIDTH * AREA }, (_, i) => {
      const [channel, place] = [Math.floor(i / AREA), i % AREA];
      return tokens[(before + place) * WIDTH + channel];
    });
    const [activations] = Object.values(arrays);
    expect(numbers(activations)).toEqual(expected);
    expect(activations.dims.slice(-2)).toEqual([rows, columns]);
  });

  test("similarity is the cosine of the tokens at two positions", async () => {
    const tokens = await valuesOf(network, "block0.out");
    const tokenAt = (place: number) =>
      tokens.slice((before + place) * WIDTH, (before + place + 1) * WIDTH);
    const { arrays } = await run(network, "similarity", { layer: "block0.out", at: "2,1" });
    const expected = Array.from(
      { length: AREA },
      (_, place) => cosine(tokenAt(place), tokenAt(2 * columns + 1)),
    );
    expectClose(arrays.cosine, expected, 1e-5);
  });

  test.each([
    ["code:other.png", output, true],
    ["code@block0.out:other.png", "block0.out", true],
  ])("the gradient of %s is a central difference of the cosine", async (target, layer, second) => {
    const { arrays, measures } = await run(network, "gradient", { target }, second);
    const value = similarityBy(network, network.tensorOf(layer));
    // The tokens without a position are not of the map that stands for a layer.
    const ofMap = layer === output ? value : async (x: Tensor<"float32">) => {
      const read = async (input: Tensor<"float32">) =>
        (await valuesOf(network, layer, input)).slice(before * WIDTH);
      return cosine(await read(x), await read(guide.tensor));
    };
    expect(measures.value).toBeCloseTo(await ofMap(image.tensor), 5);
    await expectGradient(numbers(arrays.gradient), ofMap);
  });

  test("the gradient of a unit of the tokens is a central difference", async () => {
    const { arrays } = await run(network, "gradient", { target: "block0.out:3:2:1" });
    const place = (before + 2 * columns + 1) * WIDTH + 3;
    await expectGradient(
      numbers(arrays.gradient),
      async (x) => (await valuesOf(network, "block0.out", x))[place],
    );
  });

  test("the map of what makes two images alike is the slope by the tokens, times them", async () => {
    const options = { target: "code:other.png", method: "hirescam" };
    const { arrays, measures } = await run(network, "cam", options, true);
    const tensor = network.tensorOf(measures.layer as string);
    expect(tensor).toBe("block1.norm1");
    expect(arrays.cam.dims).toEqual([rows, columns]);
    const tokens = await valuesOf(network, tensor);
    const dims = network.facts.get(tensor)!.dims;
    const other = await valuesOf(network, output, guide.tensor);
    const ends = [{ name: tensor, dims }, { name: "x", dims: image.tensor.dims }];
    const tail = cutModel(network.model, ends, [output]);
    await using session = await openSession(encodeModel(tail), { backend: "wasm" });
    const scoreAt = async (at: number, step: number) => {
      const moved = Float32Array.from(tokens);
      moved[at] += step;
      const made = await session.run({ [tensor]: float32(moved, dims), x: image.tensor });
      return cosine(numbers(made[output]), other);
    };
    const expected: number[] = [];
    for (let place = 0; place < AREA; place++) {
      let sum = 0;
      for (let c = 0; c < WIDTH; c++) {
        const at = (before + place) * WIDTH + c;
        const slope = (await scoreAt(at, STEP) - await scoreAt(at, -STEP)) / (2 * STEP);
        sum += slope * tokens[at];
      }
      expected.push(sum);
    }
    expectClose(arrays.cam, expected, TOLERANCE);
  });

  test("attention is what the class token reads of the positions, head by head", async () => {
    const count = before + AREA;
    const matrices = await valuesOf(network, "block1.attn");
    expect(matrices).toHaveLength(heads * count ** 2);
    const { arrays, measures } = await run(network, "attention", {});
    const expected = Array.from({ length: heads }, (_, head) => {
      const from = head * count ** 2;
      return matrices.slice(from + before, from + count);
    });
    expect(arrays.attention.dims).toEqual([heads, rows, columns]);
    expectClose(arrays.attention, expected.flat(), 1e-6);
    expect(measures).toMatchObject({ layers: 2, query: "class" });
  });

  test.each(["integrated-gradients", "occlusion", "segment", "cam"])(
    "%s explains the similarity with a second image",
    async (id) => {
      const more: Record<string, string> = id === "occlusion"
        ? { window: "4", stride: "4" }
        : id === "segment"
        ? { views: "1" }
        : {};
      const { measures } = await run(network, id, { target: "code:other.png", ...more }, true);
      expect(measures.target).toBe("similarity with other.png");
    },
  );
});

test("what has no classes says so, and what can be asked instead", async () => {
  const [{ network }] = NETWORKS;
  for (const id of ["gradient", "cam", "classify"]) {
    await expect(run(network, id, {}), id).rejects.toThrow(
      `is a code of ${CODE} features; compare it with that of another image`,
    );
  }
});
