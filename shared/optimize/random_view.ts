import { uniformAt } from "../tensor/random.ts";
import type { View } from "./view.ts";

/** How far views of an image differ. */
export interface ViewRange {
  /** Largest shift to each side, in pixels. */
  readonly shift: number;
  /** Largest change of size: 0.1 is from 0.9 to 1.1. */
  readonly zoom: number;
  /** Largest turn to each side, in radians. */
  readonly angle: number;
}

/** Random numbers a view takes. */
const DRAWS = 4;

/** The view of step `step`, drawn evenly from the range. */
export function randomView({ shift, zoom, angle }: ViewRange, seed: number, step: number): View {
  const draw = (k: number) => 2 * uniformAt(seed, DRAWS * step + k) - 1;
  return {
    down: shift * draw(0),
    right: shift * draw(1),
    zoom: 1 + zoom * draw(2),
    angle: angle * draw(3),
  };
}
