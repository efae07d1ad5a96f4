import {
  differentiate,
  type Objective,
  powerSum,
  relativeDistance,
  totalVariation,
  weightedSum,
} from "../grad/mod.ts";
import type { ManifestInput } from "../models/mod.ts";
import type { Model } from "../onnx/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { adamRates, withAdamStep } from "./adam_step.ts";
import type { ClimbPoint } from "./climb.ts";
import type { RunModel } from "./fourier_ascent.ts";
import { levelSpace } from "./level_space.ts";
import { withMomentumStep } from "./momentum_step.ts";

/** Root mean square of a natural picture's distance from the mean picture, in levels. */
const NATURAL = 60;

/** Exponent of the penalty on levels that are far out. */
const ALPHA = 6;

/** Its strength, for levels. */
const ALPHA_STRENGTH = 8e-10;

/** The network and the layer whose code is inverted. */
export interface Inverted {
  readonly model: Model;
  /** Name and shape [1, C, H, W] of the network's input. */
  readonly inputName: string;
  readonly dims: readonly number[];
  readonly input: ManifestInput;
  readonly layer: string;
  readonly code: Tensor<"float32">;
}

/** How an inversion moves: by momentum, as published, or by Adam. */
export const INVERSION_OPTIMIZERS = ["adam", "momentum"] as const;

export interface InversionOptions {
  readonly optimizer: typeof INVERSION_OPTIMIZERS[number];
  readonly steps: number;
  /** Strength of the total variation, in the paper's units. */
  readonly tv: number;
  /** Strength of the penalty on levels far from the mean, as a multiple of the published one. */
  readonly alpha: number;
  readonly seed: number;
}

/**
 * Descends from noise to a picture whose code is near the given one: the squared distance of the
 * codes over the squared norm of the given, and penalties on levels far from the mean and on
 * differences of neighbours. A step is one run.
 *
 * @throws {RangeError} If the code is all zeros.
 * @see Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", 2015
 */
export async function* inversionAscent(
  inverted: Inverted,
  run: RunModel,
  options: InversionOptions,
): AsyncGenerator<ClimbPoint> {
  const { inputName, dims, input, layer, code } = inverted;
  if (code.data.every((value) => value === 0)) {
    throw new RangeError(`Cannot invert "${layer}": its code is all zeros, and so says nothing`);
  }
  const space = levelSpace(input);
  const { optimizer, tv, alpha } = options;
  const key = JSON.stringify(["inversion", layer, optimizer, tv, alpha]);
  const walker = WALKERS[optimizer](inverted, options);
  const noise = Float32Array.from(
    { length: elementCount(dims) },
    (_, i) => normalAt(options.seed, i),
  );
  const norm = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0));
  const size = NATURAL * Math.sqrt(noise.length) / norm;
  let picture = space.toInput(float32(noise.map((value) => size * value), dims));
  for (let step = 0; step < options.steps; step++) {
    const feeds = { [inputName]: picture, [CODE]: code, ...walker.feeds(step) };
    const outputs = ["grad/objective", ...walker.outputs];
    const results = await run(key, walker.model, feeds, outputs);
    yield { picture, value: Number(results["grad/objective"].data[0]) };
    picture = walker.next(results);
  }
}

const CODE = "inversion/code";

/** What is raised: minus the distance and the penalties. */
function gradientOf(
  { model, inputName, dims, input, layer }: Inverted,
  { tv, alpha }: InversionOptions,
) {
  const objective: Objective = (emit) => {
    const perInput = input.std.map((std) => std / input.scale);
    const levels = emit.mul(inputName, emit.array(perInput, [1, dims[1], 1, 1], inputName));
    // The published code halves the penalties and divides them by the squared norm of a picture.
    const share = -0.5 / (NATURAL ** 2 * elementCount(dims));
    return weightedSum([
      [-1, relativeDistance(layer, CODE)],
      [share * alpha * ALPHA_STRENGTH, powerSum(levels, ALPHA)],
      [share * tv, totalVariation(levels)],
    ])(emit);
  };
  return differentiate(model, { objective, wrt: [inputName], inputs: { [inputName]: dims } });
}

/** How one optimiser moves from a picture to the next. */
interface Walker {
  model(): Model;
  /** Beside picture and code. */
  feeds(step: number): Record<string, Tensor<"float32">>;
  /** Beside the objective. */
  readonly outputs: readonly string[];
  next(results: Readonly<Record<string, Tensor>>): Tensor<"float32">;
}

type MakeWalker = (inverted: Inverted, options: InversionOptions) => Walker;

const WALKERS: Readonly<Record<InversionOptions["optimizer"], MakeWalker>> = {
  adam: adamWalker,
  momentum: momentumWalker,
};

/** Levels by which a pixel moves in a step at the start; the last steps are as good as none. */
const ADAM_RATE = 8;

function adamWalker(inverted: Inverted, options: InversionOptions): Walker {
  const { inputName, dims, input } = inverted;
  const { steps } = options;
  const made = withAdamStep(gradientOf(inverted, options), inputName);
  const space = levelSpace(input);
  const meanStd = input.std.reduce((sum, std) => sum + std, 0) / input.std.length;
  const zeros = float32(new Float32Array(elementCount(dims)), dims);
  let moments = [zeros, zeros];
  return {
    model: () => made.model,
    feeds: (step) => {
      const slowing = 0.5 * (1 + Math.cos(Math.PI * step / steps));
      const rate = ADAM_RATE * slowing * input.scale / meanStd;
      const [first, second] = made.moments;
      return { [first]: moments[0], [second]: moments[1], ...adamRates(rate, step + 1) };
    },
    outputs: [made.next, ...made.nextMoments],
    next: (results) => {
      moments = made.nextMoments.map((name) => results[name] as Tensor<"float32">);
      const levels = space.fromInput(results[made.next] as Tensor<"float32">);
      space.clip(levels);
      return space.toInput(levels);
    },
  };
}

/** Shares of the steps and their factors of the rate, as published for 400 steps. */
const SCHEDULE = [[0.25, 1], [0.75, 0.1], [1, 0.01]] as const;
const MOMENTUM_RATE = 0.004;
const MOMENTUM = 0.9;

function momentumWalker(inverted: Inverted, options: InversionOptions): Walker {
  const { inputName, dims, input } = inverted;
  const { steps } = options;
  const made = withMomentumStep(gradientOf(inverted, options), inputName, {
    keep: MOMENTUM,
    // The published step is along the gradient by levels, times the squared norm of a picture.
    planeRates: input.std.map((std) =>
      NATURAL ** 2 * elementCount(dims) * (input.scale / std) ** 2
    ),
  });
  const zeros = float32(new Float32Array(elementCount(dims)), dims);
  let velocity = zeros;
  let lastFactor = 0;
  return {
    model: () => made.model,
    feeds: (step) => {
      const [, factor] = SCHEDULE.find(([end]) => step < end * steps)!;
      if (factor !== lastFactor) velocity = zeros;
      lastFactor = factor;
      const rate = float32(Float32Array.of(MOMENTUM_RATE * factor), []);
      return { [made.rate]: rate, [made.velocity]: velocity };
    },
    outputs: [made.next, made.nextVelocity],
    next: (results) => {
      velocity = results[made.nextVelocity] as Tensor<"float32">;
      return results[made.next] as Tensor<"float32">;
    },
  };
}
