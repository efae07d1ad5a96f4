/**
 * Occlusion maps: what happens to a network's answer when a part of the picture is covered.
 *
 * The steps of the technique are exported one by one, so that many processes can share them:
 * {@linkcode planOcclusion} once, {@linkcode evaluateTile} anywhere, in parts of any size, and
 * {@linkcode assembleOcclusion} where the parts come together.
 *
 * @module
 */
import type { PictureInputs, RunContext, Technique, TechniqueResult } from "../technique.ts";
import type { Network } from "../network.ts";
import { assembleOcclusion } from "./assemble.ts";
import { type OcclusionOptions, occlusionOptions } from "./options.ts";
import { planOcclusion } from "./plan.ts";
import { evaluateTile } from "./tile.ts";

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

async function run(
  network: Network,
  { picture: input }: PictureInputs,
  options: OcclusionOptions,
  { signal, onProgress }: RunContext,
): Promise<TechniqueResult> {
  const plan = await planOcclusion(network, input, options, { signal });
  const total = plan.rows * plan.columns;
  const onPosition = (done: number) => onProgress?.({ done, total, unit: "positions" });
  const positions = Array.from({ length: total }, (_, position) => position);
  const part = await evaluateTile(network, plan, positions, { signal, onPosition });
  return assembleOcclusion(plan, [part]);
}
