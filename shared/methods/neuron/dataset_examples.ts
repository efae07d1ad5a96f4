import { imagePanel } from "../../contract/panels.ts";
import type { Panel } from "../../figure/mod.ts";
import { type Image, montage } from "../../image/mod.ts";
import { cropPatches } from "../../ranking/crop_patches.ts";
import type { Context, Corpus, Steps } from "../../contract/method.ts";
import { topPatches } from "../../ranking/top_patches.ts";
import type { Unit } from "../../network/units.ts";

/** The dataset examples that activate a channel most. */
export interface DatasetExamples {
  /** The largest activation of the channel in any image, at any place. */
  readonly best: number;
  /** Where the patches are from, the strongest first. */
  readonly names: readonly string[];
  readonly panel: Panel;
}

/** Looks through a corpus for what activates a unit's channel, wherever in an image that is. */
export async function* datasetExamples(
  context: Context,
  corpus: Corpus,
  { unit, count }: { readonly unit: Unit; readonly count: number },
): Steps<DatasetExamples> {
  const { layer, channel } = unit;
  const wanted = { layer, channels: () => [channel], count };
  const found = yield* topPatches(context, corpus, wanted);
  const [{ images: [patches] }] = yield* cropPatches(context, corpus, found, [found.top]);
  const { values, images } = found.top;
  const names = Array.from(images, (image) => corpus.nameOf(image));
  return {
    best: values[0],
    names,
    panel: imagePanel(grid(patches), {
      id: "dataset-examples",
      title: "Dataset examples",
      text: `The top-activating patches of ${corpus.count} images: activation ` +
        `${values[0].toPrecision(3)} and less.`,
    }),
  };
}

/** Pixels between patches. */
const GAP = 2;

/** Patches in rows. */
function grid(patches: readonly Image[]): Image {
  const columns = Math.ceil(Math.sqrt(patches.length));
  return montage(patches, { columns, gap: GAP });
}
