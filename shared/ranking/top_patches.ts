import { inOrder, type Kernel, oneByOne } from "../compute/mod.ts";
import { InputError } from "../errors.ts";
import { sha256 } from "../models/mod.ts";
import { encodeModel } from "../onnx/mod.ts";
import { type ChannelMaps, channelMaps } from "../network/channel_maps.ts";
import { ChannelRanking } from "./channel_ranking.ts";
import type { Network } from "../network/network.ts";
import { packState, unpackState } from "../contract/packed_state.ts";
import type { Context, Corpus, Steps } from "../contract/method.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Images between two checkpoints. */
const INTERVAL = 64;

export interface TopPatchesOptions {
  /** Name of the layer's tensor, or its alias. */
  readonly layer: string;
  /** From how many channels of the layer to those that are looked at. @default all */
  readonly channels?: (count: number) => readonly number[];
  /** How many images are kept for each channel; fewer where there are fewer. */
  readonly count: number;
}

/** For each channel, the images of a corpus that activate it most, and those that do least. */
export interface TopPatches {
  /** Name of the layer's tensor. */
  readonly layer: string;
  /** The channels, in the order of the rankings. */
  readonly channels: readonly number[];
  /** Rows and columns of the layer's map. */
  readonly height: number;
  readonly width: number;
  /** By the largest activation in an image. */
  readonly top: ChannelRanking;
  /** By the largest activation too, the smallest first: even their best place hardly activates. */
  readonly least: ChannelRanking;
}

/** The layer and the channels that are looked at. */
interface PeaksJob {
  /** The layer as the user calls it. */
  readonly layer: string;
  readonly channels: readonly number[];
}

/** An image of the corpus, by its number. */
interface CorpusItem {
  readonly image: number;
  readonly tensor: Tensor<"float32">;
}

/** The largest activation of each channel, and the first place where it is, row by row. */
interface Peaks {
  readonly values: Float32Array;
  readonly places: Int32Array;
}

/** What an image is to the channels. A value that is NaN is kept as such. */
export const peaksKernel: Kernel<PeaksJob, CorpusItem, Peaks, Network> = {
  id: "ranking/peaks",
  isResult(value, { channels }) {
    const { values, places } = value as Peaks;
    return values instanceof Float32Array && places instanceof Int32Array &&
      values.length === channels.length && places.length === channels.length;
  },
  open(network, { layer, channels }) {
    return Promise.resolve(oneByOne(async ({ tensor }, { signal }) => {
      const { [layer]: result } = await network.forward(tensor, [layer], { signal });
      return peaksOf(channelMaps(result, layer), channels);
    }));
  },
};

function peaksOf({ height, width, values }: ChannelMaps, channels: readonly number[]): Peaks {
  const area = height * width;
  const peaks = {
    values: new Float32Array(channels.length),
    places: new Int32Array(channels.length),
  };
  for (const [i, channel] of channels.entries()) {
    const from = channel * area;
    let at = from;
    for (let k = from; k < from + area; k++) {
      if (values[k] > values[at] || Number.isNaN(values[k])) at = k;
    }
    peaks.values[i] = values[at];
    peaks.places[i] = at - from;
  }
  return peaks;
}

/**
 * Streams over a corpus once. An image counts once for a channel, with its largest activation and
 * the first place where it is. Goes on from the context's checkpoint.
 *
 * @throws {InputError} If the layer is no map of channels, the corpus is empty, or an activation is
 * NaN.
 */
export async function* topPatches(
  context: Context,
  corpus: Corpus,
  options: TopPatchesOptions,
): Steps<TopPatches> {
  if (corpus.count === 0) throw new InputError("Cannot rank images: there are none");
  const { network, signal, checkpoint } = context;
  const layer = network.resolveLayer(options.layer);
  const read = async (image: number) => ({
    image,
    tensor: (await corpus.read(image, signal)).tensor,
  });
  const first = await read(0);
  const { [layer]: result } = await network.forward(first.tensor, [layer], { signal });
  const { channels: all, height, width } = channelMaps(result, options.layer);
  const channels = options.channels?.(all) ?? Array.from({ length: all }, (_, channel) => channel);
  const count = Math.min(options.count, corpus.count);
  const top = new ChannelRanking(channels.length, count, "largest");
  const least = new ChannelRanking(channels.length, count, "smallest");
  const arrays = [top, least].flatMap((r) => [r.values, r.images, r.positions]);
  const key = checkpoint ? await identityOf(network, corpus, { layer, channels, count }) : "";
  const done = unpackState(await checkpoint?.load(), key, arrays);
  const images = async function* () {
    for (let image = done; image < corpus.count; image++) {
      yield image === 0 ? first : await read(image);
    }
  };
  const found = context.map(peaksKernel, { layer, channels }, images());
  for await (const { item, result } of inOrder(found, ({ image }) => image - done)) {
    const { image } = item;
    const wrong = result.values.findIndex(Number.isNaN);
    if (wrong >= 0) {
      throw new InputError(
        `Cannot rank images: "${corpus.nameOf(image)}" gives channel ${channels[wrong]} an ` +
          `activation that is not a number`,
      );
    }
    for (const ranking of [top, least]) {
      result.values.forEach((value, i) => ranking.offer(i, value, image, result.places[i]));
    }
    const isDue = (image + 1) % INTERVAL === 0 || image + 1 === corpus.count;
    if (isDue) await checkpoint?.save(packState(key, image + 1, arrays));
    yield { done: image + 1, total: corpus.count, unit: "images" };
  }
  return { layer, channels, height, width, top, least };
}

/** Names all that a ranking follows from. */
async function identityOf(
  network: Network,
  corpus: Corpus,
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  const names = Array.from({ length: corpus.count }, (_, image) => corpus.nameOf(image));
  const description = JSON.stringify({ names, input: network.manifest.input, ...options });
  const parts = [encodeModel(network.file), new TextEncoder().encode(description)];
  return (await Promise.all(parts.map(sha256))).join(" ");
}
