import { openModel } from "../../models/mod.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { type Image } from "../../shared/image/mod.ts";
import { inversion, inversionOptions, PRIORS } from "../../shared/methods/inversion/mod.ts";
import { deprocess, preprocessWhole } from "../../shared/models/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { folderCorpus } from "../cli/folder_corpus.ts";
import { KeptResults } from "./kept_results.ts";
import type { QualityPart, QualityRow } from "./quality_part.ts";

const MAKER = "googlenet-bvlc";
const JUDGE = "mobilenetv2-1.0-224";

/** The last map, its mean, and the scores. */
const LAYERS = ["inception_5b", "pool5", "fc"];

/** Classes of the judge among which that of the original is looked for. */
const AMONG = 5;

/** What another network makes of inversions: whether it sees in them what it sees in the original. */
export const inversionsJudged: QualityPart = {
  name: "inversions-judged",
  summary:
    `Inversions of ${MAKER} by prior, of the images in the folder PHOTOS: the distance of the ` +
    `features over the length of the original's, and how often ${JUDGE} has its first class for the ` +
    "original as its first, or among its first five, for the inversion.",
  scenes: 20,
  async run(_, count, signal, kept = KeptResults.nothing) {
    const folder = Deno.env.get("PHOTOS");
    if (folder === undefined) {
      console.log("Inversions are not judged: PHOTOS names no folder of images\n");
      return [];
    }
    await using maker = await openNetwork(await openModel(MAKER), { signal });
    await using judge = await openNetwork(await openModel(JUDGE), { signal });
    const corpus = await folderCorpus(folder, maker);
    const indexes = Array.from(
      { length: Math.min(count, corpus.count) },
      (_, i) => Math.floor(i * corpus.count / count),
    );
    const rows: QualityRow[] = [];
    for (const layer of LAYERS) {
      for (const prior of PRIORS) {
        const found = [];
        for (const index of indexes) {
          const key = `${layer} ${prior} ${corpus.nameOf(index)}`;
          found.push(
            await kept.find(key, async () => {
              const image = await corpus.read(index, signal);
              const options = inversionOptions.parse({ layer, prior, restarts: 1 });
              const made = await runMethod(inversion, maker, { image }, options, { signal });
              const pixels = made.arrays.images.data as Float32Array;
              const shown = deprocess(float32(pixels, maker.inputDims), maker.manifest.input);
              const seen = await ranksOf(judge, image.image);
              const again = await ranksOf(judge, shown);
              const error = (made.arrays.errors.data as Float32Array)[0];
              return { error, rank: again.indexOf(seen[0]) + 1 };
            }),
          );
        }
        rows.push(rowOf(layer, prior, found));
      }
    }
    return rows;
  },
};

/** The judge's classes, the most probable first. */
async function ranksOf(judge: Network, image: Image): Promise<number[]> {
  const seen = preprocessWhole(image, judge.manifest.input);
  const { probabilities } = await classScores(judge, seen);
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
}

function rowOf(
  layer: string,
  prior: string,
  found: readonly Readonly<Record<string, number>>[],
): QualityRow {
  const mean = (valueOf: (one: Readonly<Record<string, number>>) => number) =>
    (100 * found.reduce((sum, one) => sum + valueOf(one), 0) / found.length).toFixed(1);
  return {
    "layer": layer,
    "prior": prior,
    "images": found.length,
    "error": `${mean(({ error }) => error)} %`,
    "judge's first": `${mean(({ rank }) => Number(rank === 1))} %`,
    "judge's first five": `${mean(({ rank }) => Number(rank <= AMONG))} %`,
  };
}
