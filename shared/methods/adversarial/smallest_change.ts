/** What a change is measured by: its Euclidean norm, or its largest element. */
export const NORMS = ["l2", "linf"] as const;
export type Norm = typeof NORMS[number];

/** How to move and stay within a radius, for one norm. */
interface Geometry {
  /** Radius that the search begins with, and longest step, in levels. */
  readonly start: number;
  size(change: Float32Array): number;
  /** The steepest direction of size 1. */
  steepest(gradient: Float32Array): Float32Array;
  /** Brings a change to the radius, in place. */
  project(change: Float32Array, radius: number): void;
}

const euclidean = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

const GEOMETRIES: Readonly<Record<Norm, Geometry>> = {
  l2: {
    start: 255,
    size: euclidean,
    steepest: (gradient) => {
      const size = euclidean(gradient) || 1;
      return gradient.map((g) => g / size);
    },
    project: (change, radius) => {
      const factor = radius / (euclidean(change) || 1);
      change.forEach((value, i) => change[i] = value * factor);
    },
  },
  linf: {
    start: 4,
    size: (change) => change.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    steepest: (gradient) => gradient.map(Math.sign),
    project: (change, radius) =>
      change.forEach((value, i) => change[i] = Math.min(radius, Math.max(-radius, value))),
  },
};

/** What is known of a changed image. */
export interface Attempt {
  readonly isFooled: boolean;
  /** Of what is raised, by the levels. */
  readonly gradient: Float32Array;
}

export interface Search {
  /** Levels of the image, 0..255. */
  readonly original: Float32Array;
  readonly norm: Norm;
  readonly steps: number;
  /** @param levels Whole ones from 0 to 255. */
  attempt(levels: Float32Array): Promise<Attempt>;
}

export interface SmallestChange {
  /** The nearest fooling image, or the last one tried if there is none; whole levels. */
  readonly levels: Float32Array;
  readonly isFooled: boolean;
  /** Its distance from the original, by the norm. */
  readonly distance: number;
  /** Number of the step that found it, from 0. */
  readonly step: number;
}

/** Share by which the radius grows after a failure and shrinks after a success. */
const PACE = 0.05;

/** The last step's length as a share of the first one's. */
const LAST = 0.01;

/**
 * Looks for the smallest change of an image that fools: steps along the gradient on a sphere that
 * shrinks while the image fools and grows while it does not. Images are tried as they would be
 * saved, with whole levels, and yielded.
 *
 * @see Rony et al., "Decoupling Direction and Norm for Efficient Gradient-Based L2 Adversarial
 * Attacks and Defenses", CVPR 2019
 */
export async function* smallestChange(
  { original, norm, steps, attempt }: Search,
): AsyncGenerator<Float32Array, SmallestChange, void> {
  const { start, size, steepest, project } = GEOMETRIES[norm];
  const change = new Float32Array(original.length);
  const levelsNow = () =>
    original.map((level, i) => Math.min(255, Math.max(0, Math.round(level + change[i]))));
  let radius = start;
  let best: SmallestChange | undefined;
  for (let step = 0; step < steps; step++) {
    const levels = levelsNow();
    const { isFooled, gradient } = await attempt(levels);
    yield levels;
    const distance = size(levels.map((level, i) => level - original[i]));
    const isBetter = !best || (isFooled && (!best.isFooled || distance < best.distance));
    if (isBetter || !best?.isFooled) best = { levels, isFooled, distance, step };
    const share = LAST + (1 - LAST) * 0.5 * (1 + Math.cos(Math.PI * step / steps));
    const direction = steepest(gradient);
    direction.forEach((d, i) => change[i] += start * share * d);
    if (step > 0) radius *= isFooled ? 1 - PACE : 1 + PACE;
    project(change, radius);
  }
  return best!;
}
