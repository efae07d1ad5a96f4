import { blank, type Box, type Color, crop, type Image, paste } from "../image/mod.ts";
import type { ChannelRanking } from "./channel_ranking.ts";
import { type ReceptiveField, receptiveField } from "../network/receptive_field.ts";
import type { Context, Corpus, Steps } from "../contract/method.ts";
import type { TopPatches } from "./top_patches.ts";

/** What is beyond the border, or not seen. */
const GREY: Color = [128, 128, 128];

/** The patches of a ranking, channel by channel, all of one size. */
export interface Patches {
  /** [channels][count] */
  readonly images: readonly (readonly Image[])[];
  /** [channels][count]; what is seen of the image. */
  readonly boxes: readonly (readonly Box[])[];
}

/**
 * Cuts what the ranked units see out of their images, which are read again, each once. A patch is
 * as large as the receptive field; where that leaves the image it is grey. Of a field larger than
 * the image, the whole image is shown with what is not seen in grey.
 */
export async function* cropPatches(
  { network, signal }: Context,
  corpus: Corpus,
  { layer, width: columns }: TopPatches,
  rankings: readonly ChannelRanking[],
): Steps<readonly Patches[]> {
  const field = receptiveField(network, layer);
  const results = rankings.map((ranking) => ({
    images: emptyRows<Image>(ranking),
    boxes: emptyRows<Box>(ranking),
  }));
  const wanted = new Set(rankings.flatMap(({ images }) => [...images]));
  for (const [step, index] of [...wanted].sort((a, b) => a - b).entries()) {
    signal?.throwIfAborted();
    const { image } = await corpus.read(index, signal);
    for (const [r, { images, positions, count }] of rankings.entries()) {
      for (let i = 0; i < images.length; i++) {
        if (images[i] !== index) continue;
        const seen = field.boxAt(Math.floor(positions[i] / columns), positions[i] % columns);
        const [channel, rank] = [Math.floor(i / count), i % count];
        results[r].images[channel][rank] = cutOut(image, seen, field);
        results[r].boxes[channel][rank] = inside(image, seen);
      }
    }
    yield { done: step + 1, total: wanted.size, unit: "images cut" };
  }
  return results;
}

const emptyRows = <T>({ channels, count }: ChannelRanking): T[][] =>
  Array.from({ length: channels }, () => new Array<T>(count));

/** The part of a box that lies in the image. */
function inside({ width, height }: Image, box: Box): Box {
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)];
  const right = Math.min(width, box.left + box.width);
  const bottom = Math.min(height, box.top + box.height);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

function cutOut(image: Image, box: Box, { width, height }: ReceptiveField): Image {
  const seen = inside(image, box);
  const size = {
    width: Math.min(width, image.width),
    height: Math.min(height, image.height),
  };
  if (seen.width === size.width && seen.height === size.height) return crop(image, seen);
  const left = width > image.width ? seen.left : seen.left - box.left;
  const top = height > image.height ? seen.top : seen.top - box.top;
  const patch = blank(size.width, size.height, GREY);
  if (seen.width * seen.height > 0) paste(patch, crop(image, seen), left, top);
  return patch;
}
