import { differentiate, type Objective } from "../grad/mod.ts";
import type { ManifestInput } from "../models/mod.ts";
import type { Model } from "../onnx/mod.ts";
import { elementCount, float32, type Tensor } from "../tensor/tensor.ts";
import { adamRates, withAdamStep } from "./adam_step.ts";
import type { AscentPoint } from "./ascend.ts";
import type { RunModel } from "./fourier_ascent.ts";
import { levelSpace } from "./level_space.ts";
import { withMomentumStep } from "./momentum_step.ts";
import { NATURAL_LEVELS } from "./start_image.ts";
import { randomShift, roll } from "./view.ts";

/** How pixels move: by Adam, or by momentum with rates that fall in two steps. */
export const PIXEL_OPTIMIZERS = ["adam", "momentum"] as const;

/** A network as an ascent needs it. */
export interface ImageNetwork {
  readonly model: Model;
  /** Name and shape [1, C, H, W] of its input. */
  readonly inputName: string;
  readonly dims: readonly number[];
  readonly input: ManifestInput;
}

/** Levels by which a pixel moves in a step at the start; the last steps are as good as none. */
const ADAM_RATE = 8;

export interface ImageAscentOptions {
  /** What is raised. */
  readonly objective: Objective;
  /** What the objective takes beside the image. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** The image to begin with, as it is fed. */
  readonly start: Tensor<"float32">;
  readonly optimizer: typeof PIXEL_OPTIMIZERS[number];
  readonly steps: number;
  /** Of Adam: levels by which a pixel moves in a step at the start. @default 8 */
  readonly rate?: number;
  /** In each step, the image is seen moved by a random shift, around the edges. @default 0 */
  readonly jitter?: number;
  /** Seed of the shifts. @default 0 */
  readonly seed?: number;
}

/** Raises an objective by changing the pixels of an image. A step is one run. */
export async function* imageAscent(
  network: ImageNetwork,
  run: RunModel,
  options: ImageAscentOptions,
): AsyncGenerator<AscentPoint> {
  const { objective, optimizer, steps, rate = ADAM_RATE, feeds, jitter = 0, seed = 0 } = options;
  const { inputName, dims } = network;
  const walker = OPTIMIZERS[optimizer](network, { objective, steps, rate });
  let image = options.start;
  for (let step = 0; step < steps; step++) {
    const [down, right] = randomShift(seed, step, jitter);
    const moving = { [inputName]: image, ...walker.feeds(step) };
    const all = { ...feeds, ...shifted(moving, dims, down, right) };
    const outputs = ["grad/objective", ...walker.outputs];
    const results = await run(walker.model, all, outputs);
    yield { image, value: Number(results["grad/objective"].data[0]) };
    image = walker.next(shifted(results, dims, -down, -right));
  }
}

/** All tensors, those of the image's shape moved. */
function shifted(
  tensors: Readonly<Record<string, Tensor>>,
  dims: readonly number[],
  down: number,
  right: number,
): Record<string, Tensor> {
  if (down === 0 && right === 0) return tensors;
  const isImage = (tensor: Tensor) => tensor.dims.join() === dims.join();
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      isImage(tensor) ? roll(tensor as Tensor<"float32">, down, right) : tensor,
    ]),
  );
}

/** How one optimiser moves from an image to the next. */
interface Optimizer {
  readonly model: Model;
  /** Beside image and code. */
  feeds(step: number): Record<string, Tensor<"float32">>;
  /** Beside the objective. */
  readonly outputs: readonly string[];
  next(results: Readonly<Record<string, Tensor>>): Tensor<"float32">;
}

type MakeOptimizer = (
  network: ImageNetwork,
  options: Pick<ImageAscentOptions, "objective" | "steps"> & { readonly rate: number },
) => Optimizer;

const adamOptimizer: MakeOptimizer = (network, { objective, steps, rate: levels }) => {
  const { inputName, dims, input } = network;
  const made = withAdamStep(gradientOf(network, objective), inputName);
  const space = levelSpace(input);
  const meanStd = input.std.reduce((sum, std) => sum + std, 0) / input.std.length;
  const zeros = float32(new Float32Array(elementCount(dims)), dims);
  let moments = [zeros, zeros];
  return {
    model: made.model,
    feeds: (step) => {
      const slowing = 0.5 * (1 + Math.cos(Math.PI * step / steps));
      const rate = levels * slowing * input.scale / meanStd;
      const [first, second] = made.moments;
      return { [first]: moments[0], [second]: moments[1], ...adamRates(rate, step + 1) };
    },
    outputs: [made.next, ...made.nextMoments],
    next: (results) => {
      moments = made.nextMoments.map((name) => results[name] as Tensor<"float32">);
      const shown = space.fromInput(results[made.next] as Tensor<"float32">);
      space.clip(shown);
      return space.toInput(shown);
    },
  };
};

/** Shares of the steps and their factors of the rate, as published for 400 steps. */
const SCHEDULE = [[0.25, 1], [0.75, 0.1], [1, 0.01]] as const;
const MOMENTUM_RATE = 0.004;
const MOMENTUM = 0.9;

const momentumOptimizer: MakeOptimizer = (network, { objective, steps }) => {
  const { inputName, dims, input } = network;
  const made = withMomentumStep(gradientOf(network, objective), inputName, {
    keep: MOMENTUM,
    // The published step is along the gradient by levels, times the squared norm of an image.
    planeRates: input.std.map((std) =>
      NATURAL_LEVELS ** 2 * elementCount(dims) * (input.scale / std) ** 2
    ),
  });
  const zeros = float32(new Float32Array(elementCount(dims)), dims);
  let velocity = zeros;
  let lastFactor = 0;
  return {
    model: made.model,
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
};

const OPTIMIZERS: Readonly<Record<ImageAscentOptions["optimizer"], MakeOptimizer>> = {
  adam: adamOptimizer,
  momentum: momentumOptimizer,
};

function gradientOf({ model, inputName, dims }: ImageNetwork, objective: Objective) {
  return differentiate(model, { objective, wrt: [inputName], inputs: { [inputName]: dims } });
}
