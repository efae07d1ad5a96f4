import { GLYPH_CLASSES } from "../drawings/classes.ts";
import type { ConvLayer, GlyphnetShape } from "./glyphnet.ts";

/** Everything that the weights follow from. */
export interface TrainOptions {
  readonly shape: GlyphnetShape;
  /** Chooses the initial weights and the scenes. */
  readonly seed: number;
  /** Scenes a worker renders for each step; its batch statistics are over these. */
  readonly batch: number;
  /** The order in which gradients are summed is that of the workers. */
  readonly workers: number;
  readonly steps: number;
  /** Steps in which the learning rate rises. */
  readonly warmup: number;
  /** Steps at the end in which it falls to 0. */
  readonly cooldown: number;
  /** The highest learning rate. */
  readonly rate: number;
  readonly decay: number;
  /** Probability that is spread over all classes instead of being given to the right one. */
  readonly smoothing: number;
}

const conv = (channels: number, kernel: number, stride: number, isPooled: boolean): ConvLayer => ({
  channels,
  kernel,
  stride,
  isPooled,
});

const classes = GLYPH_CLASSES.length;

const GLYPHNET: TrainOptions = {
  shape: {
    side: 96,
    convs: [
      conv(32, 9, 4, true),
      conv(64, 5, 1, true),
      conv(96, 3, 1, false),
      conv(96, 3, 1, false),
      conv(96, 3, 1, true),
    ],
    hidden: [256, 256],
    classes,
  },
  seed: 1,
  batch: 16,
  workers: 2,
  steps: 30_000,
  warmup: 200,
  cooldown: 25_000,
  rate: 2e-3,
  decay: 0.1,
  smoothing: 0.05,
};

/** The networks that `deno task train` knows. */
export const NETWORKS: Readonly<Record<string, TrainOptions>> = {
  glyphnet: GLYPHNET,
  "glyphnet-b": {
    ...GLYPHNET,
    shape: {
      side: 96,
      convs: [
        conv(40, 7, 4, true),
        conv(80, 3, 1, true),
        conv(96, 3, 1, false),
        conv(96, 3, 1, false),
        conv(64, 3, 1, true),
      ],
      hidden: [192, 192],
      classes,
    },
    seed: 2,
    steps: 8000,
    cooldown: 6800,
  },
};

/** A network small enough to learn something within a minute: 10 classes. */
export const SMOKE: TrainOptions = {
  ...GLYPHNET,
  shape: {
    side: 96,
    convs: [
      conv(16, 9, 4, true),
      conv(24, 5, 1, true),
      conv(32, 3, 1, false),
      conv(32, 3, 1, false),
      conv(32, 3, 1, true),
    ],
    hidden: [64, 64],
    classes: 10,
  },
  steps: 120,
  warmup: 10,
  cooldown: 60,
};
