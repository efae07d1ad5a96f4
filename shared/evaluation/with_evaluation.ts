import { z } from "zod";
import type { Context, MethodResult, Steps } from "../contract/method.ts";
import { float32 } from "../tensor/tensor.ts";
import { type ChangeJob, isOfClass } from "./change_kernel.ts";
import { curvesFigure } from "./curves_figure.ts";
import { deletionAndInsertion } from "./deletion_insertion.ts";

/** An option of every method that attributes a score to pixels. */
export const evaluateOption = z.boolean().default(false)
  .describe(
    "Whether to measure how faithful the map is: deletion and insertion curves, at the cost of 130 " +
      "forward passes.",
  );

/** An option of methods whose map depends on weights through a gradient. */
export const sanityOption = z.boolean().default(false)
  .describe(
    "Whether to compare with the same network with randomised weights, from the scores down: a " +
      "map that stays alike does not show what the network has learned.",
  );

/**
 * A result with the deletion and insertion curves of its map: a figure, arrays and measures.
 *
 * @param subject Undefined where no evaluation was asked for.
 */
export async function* withEvaluation(
  context: Context,
  result: MethodResult,
  subject: (() => ChangeJob) | false,
): Steps<MethodResult> {
  if (!subject) return result;
  const job = subject();
  const curves = yield* deletionAndInsertion(context, job);
  const { target } = job;
  const { deletion, insertion } = curves;
  const quantity = isOfClass(target) ? "probability" : target.quantity;
  return {
    ...result,
    figures: { ...result.figures, evaluation: curvesFigure(curves, target.label, quantity) },
    arrays: {
      ...result.arrays,
      deletion: float32(deletion.scores, [deletion.scores.length]),
      insertion: float32(insertion.scores, [insertion.scores.length]),
    },
    measures: {
      ...result.measures,
      deletion: deletion.area,
      insertion: insertion.area,
    },
  };
}
