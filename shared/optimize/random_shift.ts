import { uniformAt } from "../tensor/random.ts";

/**
 * The shift of a step, so that no grid builds up from one to the next.
 *
 * @param most Pixels of the largest.
 */
export function randomShift(
  seed: number,
  step: number,
  most: number,
): readonly [down: number, right: number] {
  const draw = (k: number) => Math.floor((2 * most + 1) * uniformAt(seed, 2 * step + k)) - most;
  return [draw(0), draw(1)];
}
