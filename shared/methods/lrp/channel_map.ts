import { areNumbers, type Kernel, oneByOne } from "../../compute/mod.ts";
import { propagateRelevance, type RelevanceSettings } from "../../grad/mod.ts";
import type { Network } from "../../network/network.ts";
import { type MapAxes, readMap, writeMap } from "../../network/axes/map_axes.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { requireFinite } from "../../network/require_finite.ts";

const RELEVANCE = "lrp/relevance";

/** What the maps of all channels share. */
export interface ChannelJob {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  /** A tensor of the file. */
  readonly layer: string;
  /** Of the layer, [1, channels, ...]. */
  readonly relevance: Tensor<"float32">;
  /** Where its channels are, if they are elsewhere. */
  readonly map?: MapAxes;
  readonly settings: RelevanceSettings;
}

/**
 * The relevance of the image that goes through one channel of a layer, shaped like the input: that
 * of the other channels is set to 0 there.
 *
 * @see Achtibat et al., "From attribution maps to human-understandable explanations through Concept
 * Relevance Propagation", Nature Machine Intelligence 2023
 */
export const channelMapKernel: Kernel<ChannelJob, number, Float32Array, Network> = {
  id: "lrp/channel-map",
  isResult: (value, { input }) => areNumbers(value, input.data.length),
  open(network, { input, layer, relevance, map, settings }) {
    const { inputName, inputDims } = network;
    const { model, relevances } = propagateRelevance(network.model, {
      from: { layer, relevanceInput: RELEVANCE },
      wrt: [inputName],
      inputs: { [inputName]: inputDims },
      ...settings,
    });
    const name = relevances[inputName];
    // What only the shape of the image matters to, such as the flat rule, does not read it.
    const readsImage = model.graph.input.some((one) => one.name === inputName);
    return Promise.resolve(oneByOne(async (channel, { signal }) => {
      const feeds = {
        ...readsImage && { [inputName]: input },
        [RELEVANCE]: map
          ? writeMap(ofChannel(readMap(relevance, map), channel), relevance.dims, map)
          : ofChannel(relevance, channel),
      };
      const { [name]: result } = await network.evaluate(model, feeds, [name], { signal });
      const values = result.data as Float32Array;
      requireFinite(values, "propagate relevance", `the map of channel ${channel}`);
      return values;
    }));
  },
};

/** The relevance of one channel, the others' set to 0. */
function ofChannel({ data, dims }: Tensor<"float32">, channel: number): Tensor<"float32"> {
  const size = data.length / dims[1];
  const kept = new Float32Array(data.length);
  kept.set(data.subarray(channel * size, (channel + 1) * size), channel * size);
  return float32(kept, dims);
}
