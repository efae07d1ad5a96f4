import { blurPlanes } from "../../image/blur.ts";
import { normalAt } from "../../tensor/random.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { IntegratedGradientsOptions } from "./options.ts";

/** Standard deviation of the blur, as a share of the longer side. */
const BLUR = 0.1;

/** Which baseline is meant, as plain data. */
export type BaselineSpec = Pick<IntegratedGradientsOptions, "baseline" | "seed">;

/** An image without evidence, from the image [1, C, H, W] and the number of the sample. */
type Make = (input: Tensor<"float32">, sample: number, seed: number) => Tensor<"float32">;

const BASELINES: Readonly<Record<IntegratedGradientsOptions["baseline"], Make>> = {
  zero: ({ data, dims }) => float32(new Float32Array(data.length), dims),
  blur: (input) => blurPlanes(input, BLUR * Math.max(input.dims[2], input.dims[3])),
  mean: (input) => byPlane(input, ({ mean }) => mean),
  noise: (input, sample, seed) => {
    const from = sample * input.data.length;
    return byPlane(input, ({ mean, deviation }, i) => mean + deviation * normalAt(seed, from + i));
  },
};

/** Baseline `sample` of an input; the same wherever it is made. */
export function baselineOf(
  input: Tensor<"float32">,
  { baseline, seed }: BaselineSpec,
  sample: number,
): Tensor<"float32"> {
  return BASELINES[baseline](input, sample, seed);
}

function byPlane(
  { data, dims }: Tensor<"float32">,
  value: (plane: { mean: number; deviation: number }, index: number) => number,
): Tensor<"float32"> {
  const [, channels, height, width] = dims;
  const area = height * width;
  const planes = Array.from({ length: channels }, (_, c) => {
    const plane = data.subarray(c * area, (c + 1) * area);
    const mean = plane.reduce((sum, one) => sum + one, 0) / area;
    const variance = plane.reduce((sum, one) => sum + (one - mean) ** 2, 0) / area;
    return { mean, deviation: Math.sqrt(variance) };
  });
  return float32(
    Float32Array.from(data, (_, i) => value(planes[Math.floor(i / area)], i)),
    dims,
  );
}
