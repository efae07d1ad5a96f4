import { InputError } from "../errors.ts";
import { sha256 } from "../models/mod.ts";
import { encodeModel } from "../onnx/mod.ts";
import { type ChannelMaps, channelMaps } from "../network/channel_maps.ts";
import { ChannelRanking } from "./channel_ranking.ts";
import type { Network } from "../network/network.ts";
import { packState, unpackState } from "../contract/packed_state.ts";
import type { Corpus, RunContext } from "../contract/technique.ts";

/** Pictures between two checkpoints. */
const INTERVAL = 64;

export interface TopPatchesOptions {
  /** Name of the layer's tensor, or its alias. */
  readonly layer: string;
  /** From how many channels of the layer to those that are looked at. @default all */
  readonly channels?: (count: number) => readonly number[];
  /** How many pictures are kept for each channel; fewer where there are fewer. */
  readonly count: number;
}

/** For each channel, the pictures of a corpus that excite it most, and those that do least. */
export interface TopPatches {
  /** Name of the layer's tensor. */
  readonly layer: string;
  /** The channels, in the order of the rankings. */
  readonly channels: readonly number[];
  /** Rows and columns of the layer's map. */
  readonly height: number;
  readonly width: number;
  /** By the largest activation in a picture. */
  readonly top: ChannelRanking;
  /** By the largest activation too, the smallest first: even their best place hardly excites. */
  readonly least: ChannelRanking;
}

/**
 * Streams over a corpus once. A picture counts once for a channel, with its largest activation and
 * the first place where it is. Goes on from the context's checkpoint.
 *
 * @throws {RangeError} If the layer is no map of channels, the corpus is empty, or an activation is
 * not a number.
 */
export async function topPatches(
  network: Network,
  corpus: Corpus,
  options: TopPatchesOptions,
  { signal, onProgress, checkpoint }: RunContext,
): Promise<TopPatches> {
  if (corpus.count === 0) throw new InputError("Cannot rank pictures: there are none");
  const layer = network.resolveLayer(options.layer);
  const mapsOf = async (image: number): Promise<ChannelMaps> => {
    const { tensor } = await corpus.read(image, signal);
    const { [layer]: result } = await network.forward(tensor, [layer], { signal });
    return channelMaps(result, options.layer);
  };
  const first = await mapsOf(0);
  const channels = options.channels?.(first.channels) ??
    Array.from({ length: first.channels }, (_, channel) => channel);
  const count = Math.min(options.count, corpus.count);
  const top = new ChannelRanking(channels.length, count, "largest");
  const least = new ChannelRanking(channels.length, count, "smallest");
  const arrays = [top, least].flatMap((r) => [r.values, r.images, r.positions]);
  const key = checkpoint ? await identityOf(network, corpus, { layer, channels, count }) : "";
  const done = unpackState(await checkpoint?.load(), key, arrays);
  for (let image = done; image < corpus.count; image++) {
    signal?.throwIfAborted();
    const maps = image === 0 ? first : await mapsOf(image);
    rank(maps, channels, image, [top, least], () => corpus.nameOf(image));
    const isDue = (image + 1) % INTERVAL === 0 || image + 1 === corpus.count;
    if (isDue) await checkpoint?.save(packState(key, image + 1, arrays));
    onProgress?.({ done: image + 1, total: corpus.count, unit: "pictures" });
  }
  return { layer, channels, height: first.height, width: first.width, top, least };
}

function rank(
  { height, width, values }: ChannelMaps,
  channels: readonly number[],
  image: number,
  rankings: readonly ChannelRanking[],
  nameOf: () => string,
): void {
  const area = height * width;
  for (const [i, channel] of channels.entries()) {
    const from = channel * area;
    let at = from;
    for (let k = from; k < from + area; k++) {
      if (values[k] > values[at]) at = k;
      if (!Number.isNaN(values[k])) continue;
      throw new InputError(
        `Cannot rank pictures: "${nameOf()}" gives channel ${channel} an activation that is ` +
          `not a number`,
      );
    }
    for (const ranking of rankings) ranking.offer(i, values[at], image, at - from);
  }
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
