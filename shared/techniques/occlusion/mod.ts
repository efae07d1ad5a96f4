/**
 * Occlusion maps: what happens to a network's answer when a part of the picture is covered.
 *
 * The steps of the technique are exported one by one, so that many processes can share them:
 * {@linkcode planOcclusion} once, {@linkcode evaluateTile} anywhere, in parts of any size, and
 * {@linkcode assembleOcclusion} where the parts come together.
 *
 * @module
 */
import type { Image } from "../../image/image.ts";
import type {
  PictureInputs,
  RunContext,
  Technique,
  TechniqueResult,
} from "../../contract/technique.ts";
import type { Network } from "../../network/network.ts";
import { assembleOcclusion } from "./assemble.ts";
import { columnOf } from "./inference.ts";
import { type OcclusionOptions, occlusionOptions } from "./options.ts";
import { occlusionPreview } from "./pictures.ts";
import { planOcclusion } from "./plan.ts";
import { Refinement } from "./refinement.ts";
import { type OcclusionPart, tileEvaluator } from "./tile.ts";

export * from "./arrays.ts";
export * from "./assemble.ts";
export * from "./grid.ts";
export { columnOf, COLUMNS, type TilePlan } from "./inference.ts";
export * from "./occluded.ts";
export * from "./occluder.ts";
export * from "./options.ts";
export * from "./plan.ts";
export * from "./refinement.ts";
export * from "./tile.ts";

/** Covers the picture window by window, and maps the score of a class. */
export const occlusion: Technique<OcclusionOptions, PictureInputs> = {
  id: "occlusion",
  title: "Occlusion map",
  summary: "Covers a part of the picture at a time and maps how the score of a class changes.",
  paper: {
    title: "Visualizing and Understanding Convolutional Networks",
    authors: "Matthew D. Zeiler, Rob Fergus",
    venue: "ECCV",
    year: 2014,
    url: "https://arxiv.org/abs/1311.2901",
  },
  takes: { picture: "required" },
  options: occlusionOptions,
  run,
};

/** Positions between two looks at what is known. */
const STEP = 16;

/** Shares of the positions after which a preview is drawn. */
const PREVIEWS = [0.08, 0.2, 0.4, 0.7];

async function run(
  network: Network,
  { picture: input }: PictureInputs,
  options: OcclusionOptions,
  { signal, onProgress }: RunContext,
): Promise<TechniqueResult> {
  const plan = await planOcclusion(network, input, options, { signal });
  const total = plan.rows * plan.columns;
  const evaluate = await tileEvaluator(network, plan, { signal });
  const refinement = new Refinement(plan.rows, plan.columns);
  const parts: OcclusionPart[] = [];
  const previews = PREVIEWS.map((share) => share * total);
  let done = 0;
  for (let some = refinement.take(STEP); some.length > 0; some = refinement.take(STEP)) {
    const tell = (more: number, preview?: Image) =>
      onProgress?.({ done: done + more, total, unit: "positions", preview });
    const part = await evaluate(some, { signal, onPosition: (count) => tell(count) });
    parts.push(part);
    const values = columnOf(part.values, plan.score);
    some.forEach((position, i) => refinement.add(position, values[i]));
    done += some.length;
    if (onProgress && done >= previews[0] && done < total) {
      while (done >= previews[0]) previews.shift();
      tell(0, occlusionPreview(plan, refinement.preview()));
    }
  }
  return assembleOcclusion(plan, parts);
}
