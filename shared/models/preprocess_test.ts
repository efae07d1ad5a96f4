import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldens, photos, skipWithout } from "../../tests/data.ts";
import { listedManifest } from "../../tests/networks.ts";
import { crop } from "../image/crop.ts";
import { decodeImage } from "../image/decode_image.ts";
import type { Image } from "../image/image.ts";
import { resize } from "../image/resize.ts";
import { decodeNpy } from "../tensor/npy.ts";
import { float32 } from "../tensor/tensor.ts";
import type { ManifestInput } from "./manifest.ts";
import { deprocess, preprocess, preprocessWhole } from "./preprocess.ts";
import { manifestFor } from "./manifest_for.ts";

const plain: ManifestInput = {
  height: 2,
  width: 2,
  resize: { shortSide: 2, filter: "bilinear" },
  channelOrder: "RGB",
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const flat = (width: number, height: number, color: number[]): Image => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => color[i % 4]),
});

test("preprocess() orders planes, scales and normalises as the manifest says", () => {
  const image = flat(2, 2, [10, 20, 30, 255]);
  const bgr: ManifestInput = { ...plain, channelOrder: "BGR", mean: [1, 2, 3], std: [2, 4, 8] };
  const values = (input: ManifestInput) => {
    const { data } = preprocess(image, input).tensor;
    return [data[0], data[4], data[8]];
  };
  expect(values(bgr)).toEqual([14.5, 4.5, 0.875]);
  expect(values({ ...plain, scale: 0.5 })).toEqual([5, 10, 15]);
  const gray = preprocess(image, { ...plain, channelOrder: "GRAY", mean: [0], std: [1] });
  expect([gray.tensor.dims, gray.tensor.data[0]]).toEqual([[1, 1, 2, 2], 18]);
  expect([...gray.image.data.subarray(0, 4)]).toEqual([18, 18, 18, 255]);
});

test("preprocess() puts transparent images on white", () => {
  const { tensor, image } = preprocess(flat(2, 2, [0, 0, 0, 0]), plain);
  expect(tensor.data.every((value) => value === 255)).toBe(true);
  expect(image.data.every((value) => value === 255)).toBe(true);
});

test("preprocess() covers the input from any shape of image", () => {
  const resize = { shortSide: 28, filter: "bilinear" as const };
  const input = { ...plain, height: 24, width: 32, resize };
  for (const [width, height] of [[1, 1], [3000, 2], [2, 3000], [31, 23], [640, 480]]) {
    const { tensor, image } = preprocess(flat(width, height, [9, 9, 9, 255]), input);
    expect(tensor.dims).toEqual([1, 3, 24, 32]);
    expect([image.width, image.height]).toEqual([32, 24]);
  }
});

test("preprocess() stretches where the manifest says so", () => {
  const image = flat(4, 2, [0, 0, 0, 255]);
  for (let i = 0; i < image.data.length; i += 16) image.data[i] = 255;
  const input: ManifestInput = { ...plain, resize: { stretch: true, filter: "bilinear" } };
  expect([...preprocess(image, input).image.data]).toEqual([...resize(image, 2, 2).data]);
});

test("deprocess() is the inverse of preprocess(), clamped", () => {
  for (const id of ["googlenet-bvlc", "squeezenet1.1", "mobilenetv2-1.0-224"]) {
    const { input } = listedManifest(id);
    const data = Uint8ClampedArray.from(
      { length: 224 * 224 * 4 },
      (_, i) => i % 4 === 3 ? 255 : (i * 7919) % 256,
    );
    const small = { ...input, resize: { shortSide: 224, filter: "bilinear" as const } };
    const { tensor } = preprocess({ width: 224, height: 224, data }, small);
    expect(deprocess(tensor, input).data.every((value, i) => value === data[i]), id).toBe(true);
  }
  const outside = float32(Float32Array.of(-1e9, 1e9, 7.5), [1, 3, 1, 1]);
  expect([...deprocess(outside, plain).data]).toEqual([0, 255, 8, 255]);
  expect(() => deprocess(float32(new Float32Array(2), [1, 2, 1, 1]), plain)).toThrow(
    "Cannot show a tensor of shape [1,2,1,1]: expected [1, 3, height, width]",
  );
});

test.skipIf(skipWithout(goldens && photos, "preprocessing as the reference"))(
  "preprocess() gives the reference inputs",
  async () => {
    const networks = ["googlenet-bvlc", "squeezenet1.1", "mobilenetv2-1.0-224"];
    const cases = networks.flatMap((id) =>
      readdirSync(join(goldens!, id)).map((name) => join(id, name))
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const name of cases) {
      const { photo, input } = JSON.parse(readFileSync(join(goldens!, name, "case.json"), "utf8"));
      const image = await decodeImage(readFileSync(join(photos!, "..", photo)));
      const resized = resize(image, Math.floor(image.width * 256 / image.height), 256);
      const box = { left: input.crop_left, top: input.crop_top, width: 224, height: 224 };
      const manifest = listedManifest(name.split("/")[0]);
      const exact = { ...manifest.input, resize: { shortSide: 224, filter: "bilinear" as const } };
      const { tensor } = preprocess(crop(resized, box), exact);
      const golden = decodeNpy(readFileSync(join(goldens!, name, "x.npy"))).data as Float32Array;
      const most = golden.reduce(
        (top, value, i) => Math.max(top, Math.abs(value - tensor.data[i])),
        0,
      );
      expect(most, name).toBeLessThan(1e-6 * 256);
    }
  },
);

test("planes that are no colours are shown by the first three, and no image is one", () => {
  const input: ManifestInput = {
    ...plain,
    channelOrder: "PLANES",
    scale: 1 / 255,
    mean: [0, 0, 0, 0],
    std: [1, 1, 1, 1],
  };
  const planes = float32(Float32Array.of(0.2, 0.4, 0.6, 0.8), [1, 4, 1, 1]);
  expect([...deprocess(planes, input).data]).toEqual([51, 102, 153, 255]);
  expect(() => preprocess(flat(2, 2, [0]), input)).toThrow(
    "the network takes 4 planes, and an image has 3",
  );
});

test("an image of the input's size is fed pixel by pixel, whatever is cut off other images", () => {
  const { input } = manifestFor({ path: "small.onnx", height: 6, width: 6 });
  const cropped = { ...input, resize: { shortSide: 9, filter: "bilinear" as const } };
  const levels = Float32Array.from({ length: 3 * 36 }, (_, i) => (7 * i) % 251);
  const fed = float32(
    levels.map((v, i) => {
      const plane = Math.floor(i / 36);
      return (v * input.scale - input.mean[plane]) / input.std[plane];
    }),
    [1, 3, 6, 6],
  );
  const again = preprocessWhole(deprocess(fed, input), cropped);
  // Nothing but the rounding of float32.
  again.data.forEach((value, i) => expect(value).toBeCloseTo(fed.data[i], 5));
});
