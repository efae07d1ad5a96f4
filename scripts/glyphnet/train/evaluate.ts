import type { Session } from "../../../shared/runtime/mod.ts";
import type { GlyphLibrary } from "../drawings/glyph_library.ts";
import { renderBatch } from "./batch.ts";

/** How well a network recognises scenes; shares are of 1. */
export interface Evaluation {
  readonly scenes: number;
  readonly top1: number;
  readonly top5: number;
  /**
   * Expected calibration error in 15 bins of equal width (Guo et al., 2017): how far the network's
   * confidence is from its accuracy, on average.
   */
  readonly calibrationError: number;
}

export interface EvaluateOptions {
  /** Chooses the scenes; others than those of training. */
  readonly seed: number;
  readonly scenes: number;
  readonly side: number;
}

const BATCH = 32;
const BINS = 15;

/** Recognises freshly rendered scenes with an exported network. */
export async function evaluate(
  session: Session,
  library: GlyphLibrary,
  { seed, scenes, side }: EvaluateOptions,
): Promise<Evaluation> {
  let [top1, top5] = [0, 0];
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, correct: 0 }));
  for (let first = 0; first < scenes; first += BATCH) {
    const count = Math.min(BATCH, scenes - first);
    const { images, labels } = renderBatch(library, { seed, first, count, side });
    const { prob } = await session.run({ image: images }, ["prob"]);
    const data = prob.data as Float32Array;
    const classes = data.length / count;
    labels.forEach((label, i) => {
      const probabilities = data.subarray(i * classes, (i + 1) * classes);
      const rank = rankOf(label, probabilities);
      const confidence = probabilities[topClass(probabilities)];
      const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
      bin.confidence += confidence;
      if (rank === 0) {
        top1++;
        bin.correct++;
      }
      if (rank < 5) top5++;
    });
  }
  const gap = bins.reduce(
    (sum, { confidence, correct }) => sum + Math.abs(confidence - correct),
    0,
  );
  return {
    scenes,
    top1: top1 / scenes,
    top5: top5 / scenes,
    calibrationError: gap / scenes,
  };
}

/** Index of the highest score; the first of equal ones. */
export function topClass(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i] > scores[best]) best = i;
  return best;
}

/** How many scores are higher than that of `index`: 0 for the highest. */
export function rankOf(index: number, scores: ArrayLike<number>): number {
  let rank = 0;
  for (let i = 0; i < scores.length; i++) if (scores[i] > scores[index]) rank++;
  return rank;
}
