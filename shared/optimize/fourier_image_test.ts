import { expect, test } from "vitest";
import { randomTensor } from "../../tests/networks.ts";
import { manifestFor } from "../models/mod.ts";
import { encodeModel } from "../onnx/mod.ts";
import { openSession } from "../runtime/mod.ts";
import { float32 } from "../tensor/tensor.ts";
import { adamRates } from "./adam_step.ts";
import {
  FOURIER,
  fourierImage,
  frequencies,
  hartleyMatrix,
  randomSpectrum,
} from "./fourier_image.ts";

const dims = [1, 3, 6, 10];
const input = {
  ...manifestFor({ path: "x.onnx", height: 6, width: 10 }).input,
  scale: 1 / 255,
  mean: [0.5, 0.4, 0.3],
  std: [0.25, 0.5, 0.1],
};

/** The image of a spectrum, and the next spectrum for a gradient by the image. */
async function step(spectrum: Float32Array, upstream: Float32Array, rate: number, falloff = 1) {
  const { model, moments, next } = fourierImage(dims, input, falloff);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const zeros = float32(new Float32Array(180), dims);
  const feeds = {
    [FOURIER.spectrum]: float32(spectrum, dims),
    [FOURIER.components]: zeros,
    [FOURIER.upstream]: zeros,
    [moments[0]]: zeros,
    [moments[1]]: zeros,
    ...adamRates(rate, 1),
  };
  const drawn = await session.run(feeds);
  const moved = await session.run({
    ...feeds,
    [FOURIER.components]: drawn[FOURIER.nextComponents],
    [FOURIER.upstream]: float32(upstream, dims),
  });
  expect(drawn[next].data).toEqual(spectrum);
  return { image: drawn[FOURIER.image].data, next: moved[next].data as Float32Array };
}

const none = new Float32Array(180);

test("fourierImage() draws nothing as mid grey, and no spectrum beyond black and white", async () => {
  const grey = await step(none, none, 0.05);
  const wild = await step(randomTensor(dims, 1, 1000).data, none, 0.05);
  for (const [i, value] of grey.image.entries()) {
    const plane = Math.floor(i / 60);
    const level = (v: number) => v * input.std[plane] + input.mean[plane];
    expect(level(Number(value))).toBeCloseTo(0.5, 5);
    expect(level(Number(wild.image[i]))).toBeGreaterThan(-1e-5);
    expect(level(Number(wild.image[i]))).toBeLessThan(1 + 1e-5);
  }
});

test.each([[1, 0.3], [2, 0.3 ** 2 * 16], [0, 1 / 16]])(
  "fourierImage() of falloff %f draws one frequency as a wave, grey in all colours",
  async (falloff, divisor) => {
    const spectrum = new Float32Array(180);
    spectrum[3] = 0.1;
    const { image } = await step(spectrum, none, 0.05, falloff);
    const waves = [...image].map((value, i) => {
      const plane = Math.floor(i / 60);
      const share = Number(value) * input.std[plane] + input.mean[plane];
      return Math.log(share / (1 - share));
    });
    const length = Math.hypot(0.26, 0.27, 0.27);
    const height = 0.1 * Math.SQRT2 / 4 / divisor / length / Math.sqrt(60);
    waves.forEach((wave, i) => {
      const angle = 2 * Math.PI * 3 * (i % 10) / 10;
      const brightness = i < 60 ? 0.26 : 0.27;
      expect(wave).toBeCloseTo(height * brightness * (Math.cos(angle) + Math.sin(angle)), 5);
    });
  },
);

test("fourierImage() moves the spectrum up the gradient by the image", async () => {
  const spectrum = randomSpectrum(dims, 2).data;
  const upstream = randomTensor(dims, 3).data;
  const { next } = await step(spectrum, upstream, 0.05);
  const valueAt = async (point: Float32Array) =>
    [...(await step(point, none, 0.05)).image]
      .reduce((sum: number, v, i) => sum + Number(v) * upstream[i], 0);
  for (const i of [0, 7, 63, 125]) {
    const moved = (amount: number) => spectrum.map((v, k) => k === i ? v + amount : v);
    const slope = await valueAt(moved(0.02)) - await valueAt(moved(-0.02));
    // The first step of Adam goes the whole rate, along the sign.
    expect(next[i] - spectrum[i]).toBeCloseTo(0.05 * Math.sign(slope), 4);
  }
});

test("randomSpectrum() is of the published size, and the seed's own", () => {
  const { data } = randomSpectrum([1, 3, 40, 40], 1);
  const square = data.reduce((sum, v) => sum + v * v, 0) / data.length;
  expect(Math.sqrt(square)).toBeCloseTo(0.01, 3);
  expect(randomSpectrum([1, 3, 40, 40], 1).data).toEqual(data);
  expect(randomSpectrum([1, 3, 40, 40], 2).data).not.toEqual(data);
});

test.each([1, 2, 7, 12])("hartleyMatrix(%i) is its own inverse", (n) => {
  const h = hartleyMatrix(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += h[i * n + k] * h[k * n + j];
      expect(sum).toBeCloseTo(i === j ? 1 : 0, 5);
    }
  }
});

test("hartleyMatrix() turns a wave into its own frequency alone", () => {
  const [n, k] = [16, 3];
  const h = hartleyMatrix(n);
  const power = Array.from({ length: n }, (_, row) => {
    let sum = 0;
    for (let x = 0; x < n; x++) sum += h[row * n + x] * Math.cos(2 * Math.PI * k * x / n + 0.4);
    return sum * sum;
  });
  power.forEach((p, row) => row === k || row === n - k || expect(p).toBeCloseTo(0, 8));
  expect(power[k] + power[n - k]).toBeCloseTo(n / 2, 4);
});

test("frequencies() rise to half a cycle per pixel and fall again, along both axes", () => {
  expect([...frequencies(1, 5)].map((f) => 5 * f)).toEqual(
    [0, 1, 2, 2, 1].map((f) => expect.closeTo(f, 5)),
  );
  expect(frequencies(4, 2)).toHaveLength(8);
  expect(frequencies(4, 2)[5]).toBeCloseTo(Math.hypot(0.5, 0.5), 6);
});
