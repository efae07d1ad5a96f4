import { areNumbers, inOrder, type Kernel, oneByOne } from "../../compute/mod.ts";
import type { Context, Steps } from "../../contract/method.ts";
import { stretchGrid } from "../../image/mod.ts";
import { evaluateScore } from "../../network/evaluate_score.ts";
import type { Network } from "../../network/network.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";

/** What the passes of all channels share. */
export interface MaskJob {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  /** The layer, [1, channels, h, w]. */
  readonly activations: Tensor<"float32">;
  /** Of one tensor all. */
  readonly targets: readonly ScoreTarget[];
}

/**
 * The scores of the targets with only that left in the image where a channel is active: the
 * preprocessed input times the channel's map, enlarged and scaled to 0..1.
 */
export const maskKernel: Kernel<MaskJob, number, Float32Array, Network> = {
  id: "cam/mask",
  isResult: (value, { targets }) => areNumbers(value, targets.length),
  open(network, { input, activations, targets }) {
    return Promise.resolve(oneByOne(async (channel, { signal }) => {
      const masked = maskedInput(input, activations, channel);
      const [{ layer }] = targets;
      const { [layer]: { data, dims } } = await network.forward(masked, [layer], { signal });
      const output = { data: data as Float32Array, dims };
      return Float32Array.from(targets, ({ spec }) => evaluateScore(spec, output).value);
    }));
  },
};

function maskedInput(
  input: Tensor<"float32">,
  { data, dims: [, , h, w] }: Tensor<"float32">,
  channel: number,
): Tensor<"float32"> {
  const [, , height, width] = input.dims;
  const values = data.subarray(channel * h * w, (channel + 1) * h * w);
  const mask = stretchGrid({ width: w, height: h, values }, width, height);
  const { min, range } = extentOf(mask);
  const area = height * width;
  return float32(
    input.data.map((value, i) => value * (mask[i % area] - min) / range),
    input.dims,
  );
}

/** The channels that are not constant, of the largest extent first, `most` at most. */
export function variedChannels({ data, dims }: Tensor<"float32">, most: number): number[] {
  const [, channels, height, width] = dims;
  const area = height * width;
  const ranges = Array.from(
    { length: channels },
    (_, c) => extentOf(data.subarray(c * area, (c + 1) * area)).range,
  );
  return ranges.map((range, channel) => ({ range, channel }))
    .filter(({ range }) => range > 0)
    .sort((a, b) => b.range - a.range || a.channel - b.channel)
    .slice(0, most)
    .map(({ channel }) => channel);
}

export interface ScoreCams {
  /** Of each target, [h, w]. */
  readonly maps: Float32Array[];
  /** Of each channel, the score that it leaves of each target. */
  readonly scores: readonly Float32Array[];
}

/**
 * The map of each target: channels weighed by the softmax, over them, of the score that they leave.
 *
 * @see Wang et al., "Score-CAM", CVPR Workshops 2020
 */
export async function* scoreCams(
  context: Context,
  job: MaskJob,
  channels: readonly number[],
): Steps<ScoreCams> {
  const { activations: { data, dims: [, , height, width] }, targets } = job;
  const scores: Float32Array[] = [];
  const found = context.map(maskKernel, job, channels);
  for await (const { result } of inOrder(found, (channel) => channels.indexOf(channel))) {
    scores.push(result);
    yield { done: scores.length, total: channels.length, unit: "channels" };
  }
  const area = height * width;
  const maps = targets.map((_, t) => {
    const peak = scores.reduce((most, row) => Math.max(most, row[t]), -Infinity);
    const powers = scores.map((row) => Math.exp(row[t] - peak));
    const sum = powers.reduce((a, b) => a + b, 0);
    const map = new Float64Array(area);
    channels.forEach((channel, k) => {
      for (let i = 0; i < area; i++) map[i] += powers[k] / sum * data[channel * area + i];
    });
    return Float32Array.from(map);
  });
  return { maps, scores };
}

function extentOf(values: Float32Array): { min: number; range: number } {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, range: max - min };
}
