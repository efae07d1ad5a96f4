/**
 * The object that a class is about, cut out of the image: from the gradient's size to seeds, from
 * seeds to a cut by colours.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { float32 } from "../../tensor/tensor.ts";
import { evaluateScore, flatScore } from "../../network/evaluate_score.ts";
import { isPlacedTarget } from "../../network/score_target.ts";
import { resolveScoreTarget } from "../../network/resolve_score_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { SIMONYAN_2014 } from "../../contract/papers.ts";
import type { Context, ImageInputs, Method, Run } from "../../contract/method.ts";
import { placementOf } from "../../figure/mod.ts";
import { canvasOf, mapOnCanvas, strokeOnCanvas } from "./canvas.ts";
import { mainComponents } from "./components.ts";
import { grabCut, KNOWN } from "./grab_cut.ts";
import { type SegmentOptions, segmentOptions } from "./options.ts";
import { segmentFigure, segmentImages } from "./figures.ts";
import { saliency } from "./saliency.ts";
import { seedsOf } from "./seeds.ts";
import { enlargeMask, softMask } from "./soft_mask.ts";
import { fillStroke, parseStrokes } from "./strokes.ts";

export * from "./options.ts";

/** Cuts out what the network sees the class in. */
export const segment: Method<SegmentOptions, ImageInputs> = {
  id: "segment",
  title: "Segmentation",
  summary: "Cuts the object of a class out of the image, with nothing but the network's gradient.",
  paper: SIMONYAN_2014,
  takes: { image: "required", guide: "optional" },
  options: segmentOptions,
  run,
};

async function* run(
  context: Context,
  { image: { tensor, ...seen }, guide }: ImageInputs,
  options: SegmentOptions,
): Run {
  const { network, signal } = context;
  yield { done: 0, total: options.views, unit: "views" };
  const canvas = canvasOf(seen);
  const { width, height } = canvas.image;
  const strokes = parseStrokes(options.strokes).map((stroke) => strokeOnCanvas(canvas, stroke));
  const request = { target: options.target, input: tensor, guide: guide?.tensor };
  const target = await resolveScoreTarget(network, request, { signal });
  const { layer, spec, label } = target;
  if (options.views > 1 && isPlacedTarget(spec)) {
    throw new InputError(
      `Cannot average "${options.target}" over ${options.views} views: they are shifted and ` +
        "mirrored, and it is at a place of the image, expected --views 1",
    );
  }
  const { [layer]: { data, dims: shape } } = await network.forward(tensor, [layer], { signal });
  const score = evaluateScore(spec, { data: data as Float32Array, dims: shape });
  requireFinite([score.value], `find the object of ${label}`, `its ${target.quantity}`);
  const map = yield* saliency(context, tensor, target, options);
  // Strokes alone are enough to cut by.
  if (strokes.length === 0 && map.every((value) => value === 0)) {
    throw flatScore(target, "find the object of", "the image");
  }
  const [rows, columns] = tensor.dims.slice(2);
  const grid = { width: columns, height: rows, values: map };
  const { learned, cut: known } = seedsOf(mapOnCanvas(canvas, grid), width, options, strokes);
  const cut = await grabCut(canvas.image, learned, known, options.rounds);
  const marked = new Set<number>();
  for (const stroke of strokes.filter(({ isForeground }) => isForeground)) {
    fillStroke(stroke, width, height, (at) => marked.add(at));
  }
  const own = mainComponents(cut, width, marked);
  const count = (value: number) => known.filter((kind) => kind === value).length;
  const dims = [height, width];
  const { source } = placementOf(seen);
  const alpha = softMask(own, canvas.image, source);
  const mask = enlargeMask(own, canvas.image, source);
  return {
    figures: {
      figure: segmentFigure({
        input: seen,
        label,
        saliency: grid,
        canvas,
        known,
        mask: own,
        alpha,
      }),
    },
    images: segmentImages(seen, alpha),
    arrays: {
      saliency: float32(map, [rows, columns]),
      seeds: { type: "uint8", dims, data: known },
      mask: { type: "uint8", dims: [source.height, source.width], data: mask },
    },
    measures: {
      target: label,
      ...target.index !== undefined && { targetIndex: target.index },
      quantity: target.quantity,
      score: score.value,
      area: mask.reduce((sum, value) => sum + value, 0) / mask.length,
      foregroundSeeds: count(KNOWN.foreground) / mask.length,
      backgroundSeeds: count(KNOWN.background) / mask.length,
      box: boxOf(mask, source.width),
    },
  };
}

/** The smallest box around the mask; null if strokes leave nothing of it. */
function boxOf(mask: Uint8Array, width: number) {
  const places = Array.from(mask.keys()).filter((at) => mask[at]);
  if (places.length === 0) return null;
  const columns = places.map((at) => at % width);
  const rows = places.map((at) => Math.floor(at / width));
  const [least, most] = [Math.min, Math.max].map((pick) => (values: readonly number[]) =>
    values.reduce((a, b) => pick(a, b))
  );
  const [left, top] = [least(columns), least(rows)];
  return { left, top, width: most(columns) - left + 1, height: most(rows) - top + 1 };
}
