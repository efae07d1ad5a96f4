import { type Image, montage, resize } from "../../image/mod.ts";
import { cropPatches } from "../../ranking/crop_patches.ts";
import { bodySize, type Panel } from "../../contract/panel.ts";
import type { Context, Corpus, Steps } from "../../contract/method.ts";
import { topPatches } from "../../ranking/top_patches.ts";
import type { Unit } from "../../network/unit.ts";

/** The patches of real images that activate a channel most. */
export interface NaturalPatches {
  /** The largest activation of the channel in any image, at any place. */
  readonly best: number;
  /** Where the patches are from, the strongest first. */
  readonly names: readonly string[];
  readonly panel: Panel;
}

/** Looks through a corpus for what activates a unit's channel, wherever in an image that is. */
export async function* naturalPatches(
  context: Context,
  corpus: Corpus,
  { unit, count }: { readonly unit: Unit; readonly count: number },
): Steps<NaturalPatches> {
  const { layer, channel } = unit;
  const wanted = { layer, channels: () => [channel], count };
  const found = yield* topPatches(context, corpus, wanted);
  const [{ images: [patches] }] = yield* cropPatches(context, corpus, found, [found.top]);
  const { values, images } = found.top;
  const names = Array.from(images, (image) => corpus.nameOf(image));
  return {
    best: values[0],
    names,
    panel: {
      title: "Real images",
      text: `What activates it most in ${corpus.count} images: activation ` +
        `${values[0].toPrecision(3)} and less`,
      body: grid(patches, context.network.manifest.input),
    },
  };
}

const GAP = 2;

/** Patches in rows, about as large together as an image is shown. */
function grid(patches: readonly Image[], input: { height: number; width: number }): Image {
  const columns = Math.ceil(Math.sqrt(patches.length));
  const { width, height } = bodySize(input.height, input.width);
  const [sample] = patches;
  const room = { width: width / columns - GAP, height: height / columns - GAP };
  const factor = Math.min(room.width / sample.width, room.height / sample.height);
  const side = (extent: number) => Math.max(1, Math.floor(extent * factor));
  const tiles = patches.map((patch) => ({
    image: resize(patch, side(patch.width), side(patch.height)),
  }));
  return montage(tiles, { columns, gap: GAP });
}
