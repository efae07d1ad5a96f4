import { inOrder } from "../../compute/mod.ts";
import type { Context, Steps } from "../../contract/method.ts";
import { readMap } from "../../network/axes/map_axes.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { type ChannelJob, channelMapKernel } from "./channel_map.ts";

/** How much of a score went through one channel, and from where in the image. */
export interface ChannelRelevance {
  readonly channel: number;
  readonly relevance: number;
  /** Its size over that of all channels: a score near 0 can be a sum of large parts. */
  readonly share: number;
  /** Of the image, [1, C, H, W]. */
  readonly map: Tensor<"float32">;
}

/** The relevance of each channel, summed over its positions. */
export function channelSums({ relevance, map }: Pick<ChannelJob, "relevance" | "map">) {
  const { data, dims } = map ? readMap(relevance, map) : relevance;
  const size = data.length / dims[1];
  return Float32Array.from({ length: dims[1] }, (_, c) => {
    let sum = 0;
    for (let i = c * size; i < (c + 1) * size; i++) sum += data[i];
    return sum;
  });
}

/** The channels of the largest relevance, whatever its sign, with a map each. */
export async function* relevantChannels(
  context: Context,
  job: ChannelJob,
  count: number,
): Steps<ChannelRelevance[]> {
  const sums = channelSums(job);
  const total = sums.reduce((all, sum) => all + Math.abs(sum), 0);
  const channels = [...sums.keys()]
    .filter((channel) => sums[channel] !== 0)
    .sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]) || a - b)
    .slice(0, count);
  const found: ChannelRelevance[] = [];
  const maps = context.map(channelMapKernel, job, channels);
  for await (const { item, result } of inOrder(maps, (channel) => channels.indexOf(channel))) {
    found.push({
      channel: item,
      relevance: sums[item],
      share: Math.abs(sums[item]) / total,
      map: float32(result, job.input.dims),
    });
    yield { done: found.length, total: channels.length, unit: "channels" };
  }
  return found;
}
