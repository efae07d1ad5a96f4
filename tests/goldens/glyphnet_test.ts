/** What PyTorch and Pillow make of the project's own network; README.md says how it was made. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { decodeImage, type Image, resize } from "../../shared/image/mod.ts";
import { preprocess } from "../../shared/models/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { otherBackends } from "../other_backends.ts";

const ROOT = new URL("../../", import.meta.url);
const file = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));
const golden = (name: string) => decodeNpy(file(`glyphnet/${name}.npy`));
const CASE = JSON.parse(file("glyphnet/case.json").toString());

/** Relative l2 that float32 leaves of float64. */
const TOLERANCE = 1e-4;

/** Points on the way lie at kinks of ReLUs and poolings, which float32 may fall on either side of. */
const KINKS = 1e-3;

/** By array: the method, its options, and which of its arrays it is. */
const ROWS = [
  ["plain", "gradient", { rule: "plain" }, "gradient", TOLERANCE],
  ["guided", "gradient", { rule: "guided" }, "gradient", TOLERANCE],
  ["deconvnet", "gradient", { rule: "deconvnet" }, "gradient", TOLERANCE],
  ["integrated", "integrated-gradients", { steps: CASE.steps }, "attribution", KINKS],
  ["occlusion_scores", "occlusion", CASE.occlusion, "scores", TOLERANCE],
  ["occlusion_attribution", "occlusion", CASE.occlusion, "attribution", TOLERANCE],
] as const;

/** Arrays of a few passes: the others take minutes on a software GPU. */
const FEW = ROWS.filter(([, id]) => id === "gradient");

const pixels = async (): Promise<Image> =>
  await decodeImage(await Deno.readFile(fileURLToPath(new URL(CASE.image, ROOT))));

/** The middle 48 x 48 of the last channels of a map, as many values as the reference has. */
function middle({ dims, data }: Tensor, count: number): number[] {
  const [height, width] = dims.slice(-2);
  const [top, left] = [(height - 48) / 2, (width - 48) / 2];
  return Array.from({ length: count }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / 48 ** 2), Math.floor(i / 48) % 48, i % 48];
    return Number(data[(channel * height + top + y) * width + left + x]);
  });
}

function apart(actual: readonly number[], expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const squares = (of: (i: number) => number) => actual.reduce((sum, _, i) => sum + of(i) ** 2, 0);
  return Math.sqrt(squares((i) => actual[i] - expected[i]) / squares((i) => expected[i]));
}

test("the image is resized as Pillow does, to the last bit", async () => {
  const { data } = resize(await pixels(), 96, 96);
  expect(Array.from(data.filter((_, i) => i % 4 !== 3))).toEqual(
    Array.from(golden("pixels").data, Number),
  );
});

interface Resized {
  readonly size: readonly [number, number];
  readonly to: readonly [number, number];
  readonly source: string;
  readonly result: string;
}

test.each(JSON.parse(file("resize.json").toString()) as Resized[])(
  "$size pixels are resized to $to as Pillow does, to the last bit",
  ({ size: [width, height], to: [w, h], source, result }) => {
    const bytes = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const rgb = bytes(source);
    const data = Uint8ClampedArray.from(
      { length: width * height * 4 },
      (_, i) => i % 4 === 3 ? 255 : rgb[3 * Math.floor(i / 4) + i % 4],
    );
    const resized = resize({ width, height, data }, w, h);
    expect(resized.data.filter((_, i) => i % 4 !== 3)).toEqual(
      new Uint8ClampedArray(bytes(result)),
    );
  },
);

const backends = [{ backend: "wasm", isMissing: false, title: "WASM" } as const];

describe.each([...backends, ...await otherBackends()])("on $title", ({ backend, isMissing }) => {
  let open: Promise<Network> | undefined;
  const network = () => open ??= openModel("glyphnet").then((it) => openNetwork(it, { backend }));
  const input = async () => {
    const image = await pixels();
    return { image, tensor: preprocess(image, (await network()).manifest.input).tensor };
  };

  afterAll(async () => await (await open)?.[Symbol.asyncDispose]());

  test.skipIf(isMissing)("the scores are PyTorch's", async () => {
    const { logits } = await classScores(await network(), (await input()).tensor);
    expect(apart(Array.from(logits), golden("logits").data as Float32Array)).toBeLessThan(
      TOLERANCE,
    );
  });

  test.skipIf(isMissing).each(backend === "webgpu" ? FEW : ROWS)(
    "%s is PyTorch's",
    async (array, id, options, name, most) => {
      const method = await loadMethod(id);
      const texts = Object.entries({ target: CASE.target, ...options });
      const parsed = parseOptions(
        method.options,
        Object.fromEntries(texts.map(([name, value]) => [name, `${value}`])),
      );
      const { arrays } = await runMethod(method, await network(), { image: await input() }, parsed);
      const expected = golden(array).data as Float32Array;
      const actual = name === "scores"
        ? Array.from(arrays[name].data, Number)
        : middle(arrays[name], expected.length);
      expect(apart(actual, expected)).toBeLessThan(most);
    },
  );
});
