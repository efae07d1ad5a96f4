import { blurWithin } from "../../image/blur.ts";
import { InputError } from "../../errors.ts";
import { normalAt } from "../../tensor/random.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { ManifestInput } from "../../models/mod.ts";
import type { Fill } from "./options.ts";

/** Standard deviation of the blur, as a part of the window: what is inside can't be told any more. */
const BLUR = 0.5;

/** What a fill is made from. */
export interface OccluderScope {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  /** Side of the occluder in pixels. */
  readonly window: number;
  readonly seed: number;
  readonly preprocessing: Pick<ManifestInput, "scale" | "mean" | "std">;
}

/** One channel of the occluder, from that channel of the input. */
type ChannelFill = (plane: Float32Array, channel: number, scope: OccluderScope) => Float32Array;

const FILLS: Readonly<Record<Exclude<Fill, number>, ChannelFill>> = {
  zero: (plane) => new Float32Array(plane.length),
  mean: (plane) => new Float32Array(plane.length).fill(moments(plane).mean),
  grey: (plane, channel, { preprocessing: { scale, mean, std } }) => {
    if (channel >= mean.length) {
      throw new InputError(
        `Cannot occlude with grey: plane ${channel} of the input is no colour; use another fill`,
      );
    }
    return new Float32Array(plane.length).fill((127.5 * scale - mean[channel]) / std[channel]);
  },
  blur: (plane, _, { input, window }) => {
    const [height, width] = input.dims.slice(2);
    return blurWithin(plane, height, width, window * BLUR);
  },
  noise: (plane, channel, { seed }) => {
    const { mean, deviation } = moments(plane);
    const first = channel * plane.length;
    return plane.map((_, i) => mean + deviation * normalAt(seed, first + i));
  },
};

/**
 * The image that shows through the occluder: a pixel of the occluded input is taken from here.
 * It depends on the input and the options alone, so that every worker makes the same one.
 *
 * @returns A tensor of the input's shape.
 * @throws {RangeError} If grey is asked for and the input has planes that are no colours.
 */
export function occluder(fill: Fill, scope: OccluderScope): Tensor<"float32"> {
  const { dims, data } = scope.input;
  const [, channels, height, width] = dims;
  if (typeof fill === "number") return float32(new Float32Array(data.length).fill(fill), dims);
  const size = height * width;
  const filled = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    const plane = data.subarray(channel * size, (channel + 1) * size);
    filled.set(FILLS[fill](plane, channel, scope), channel * size);
  }
  return float32(filled, dims);
}

function moments(values: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
