import { inOrder } from "../compute/mod.ts";
import type { Context, Steps } from "../contract/method.ts";
import { areaUnder } from "../metrics/change_curve.ts";
import {
  type Change,
  type ChangeJob,
  changeKernel,
  type Direction,
  DIRECTIONS,
} from "./change_kernel.ts";

/** An image is changed in so many equal parts. */
const PARTS = 64;

/** The score while an image is changed, at even distances, and the area under it. */
export interface Curve {
  readonly scores: Float32Array;
  /** With the share of changed pixels as an axis from 0 to 1. */
  readonly area: number;
}

export type Curves = Readonly<Record<Direction, Curve>>;

/**
 * The score while the pixels that a map calls important go (to zeros), and while they come (into the
 * blurred image). A faithful map has a small area of deletion and a large one of insertion.
 *
 * @see Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models",
 * BMVC 2018
 */
export async function* deletionAndInsertion(context: Context, job: ChangeJob): Steps<Curves> {
  const step = Math.ceil(job.map.length / PARTS);
  const count = Math.ceil(job.map.length / step) + 1;
  const items = DIRECTIONS.flatMap((direction) =>
    Array.from({ length: count }, (_, i): Change => ({ direction, pixels: i * step }))
  );
  const scores: number[] = [];
  const found = context.map(changeKernel, job, items);
  const placeOf = ({ direction, pixels }: Change) =>
    DIRECTIONS.indexOf(direction) * count + pixels / step;
  for await (const { result } of inOrder(found, placeOf)) {
    scores.push(result[0]);
    yield { done: scores.length, total: items.length, unit: "changed images" };
  }
  const curve = (from: number): Curve => {
    const part = Float32Array.from(scores.slice(from, from + count));
    return { scores: part, area: areaUnder(part) };
  };
  return { deletion: curve(0), insertion: curve(count) };
}
