/** Strengths of the four regularisers, and how far each step goes. */
export interface YosinskiRecipe {
  /** Share by which every pixel shrinks in a step. */
  readonly decay: number;
  /** Standard deviation of the blur in pixels, and after how many steps there is one. */
  readonly blur?: { readonly sigma: number; readonly every: number };
  /** Pixels whose norm is below this percentile go to the mean. */
  readonly normPercentile: number;
  /** Pixels whose contribution is below this percentile go to the mean. */
  readonly contributionPercentile: number;
  readonly steps: number;
  /** A constant factor of the gradient, or the one that should raise the objective by so much. */
  readonly rate: { readonly constant: number } | {
    readonly progress: number;
    readonly max: number;
  };
}

/**
 * The four sets that the paper and its toolbox show.
 *
 * @see Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015
 */
export const YOSINSKI_RECIPES = {
  "yosinski-1": {
    decay: 0,
    blur: { sigma: 0.5, every: 4 },
    normPercentile: 50,
    contributionPercentile: 0,
    steps: 500,
    rate: { progress: 2, max: 100 },
  },
  "yosinski-2": {
    decay: 0.3,
    normPercentile: 20,
    contributionPercentile: 0,
    steps: 750,
    rate: { constant: 100 },
  },
  "yosinski-3": {
    decay: 0.0001,
    blur: { sigma: 1, every: 4 },
    normPercentile: 0,
    contributionPercentile: 0,
    steps: 1000,
    rate: { constant: 100 },
  },
  "yosinski-4": {
    decay: 0,
    blur: { sigma: 0.5, every: 4 },
    normPercentile: 0,
    contributionPercentile: 90,
    steps: 1000,
    rate: { progress: 2, max: 1e8 },
  },
} as const satisfies Readonly<Record<string, YosinskiRecipe>>;
