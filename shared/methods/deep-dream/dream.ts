import { InputError } from "../../errors.ts";
import { deprocess, type ManifestInput } from "../../models/mod.ts";
import { randomShift, roll } from "../../optimize/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { Steps } from "../../contract/method.ts";
import {
  type ActivationObjective,
  type AscentStep,
  stepOf,
  tiledStepOf,
} from "./activation_objective.ts";
import type { DeepDreamOptions } from "./options.ts";
import { MOST_PIXELS, tilingOf } from "./tiles.ts";
import { clamp, combine, zoomTo } from "./planes.ts";

/** How strong the objective was at one size, before its first and before its last step. */
export interface Octave {
  readonly height: number;
  readonly width: number;
  readonly first: number;
  readonly last: number;
}

export interface Dream {
  /** [1, C, H, W], shaped like what it was dreamt into. */
  readonly tensor: Tensor<"float32">;
  readonly octaves: readonly Octave[];
}

/** One size of a dream. */
export interface Stage {
  readonly height: number;
  readonly width: number;
  readonly ascend: AscentStep;
}

/** What every dream of a run shares. */
export interface DreamSettings {
  readonly input: ManifestInput;
  /** From small to the image's own size. */
  readonly stages: readonly Stage[];
  readonly options: DeepDreamOptions;
  readonly signal?: AbortSignal;
}

/**
 * The sizes of a dream; small ones at which the layer cannot be computed are left out.
 *
 * @param dims What is dreamt into, [1, C, H, W].
 * @throws {InputError} If the layer cannot be computed at the own size either.
 */
export function stagesOf(
  network: Network,
  objective: ActivationObjective,
  dims: readonly number[],
  { octaves, zoom }: DeepDreamOptions,
): Stage[] {
  return Array.from({ length: octaves }, (_, i) => i).flatMap((i): Stage[] => {
    const factor = zoom ** (octaves - 1 - i);
    const [height, width] = dims.slice(2).map((side) => Math.round(side / factor));
    const size = [...dims.slice(0, 2), height, width];
    try {
      return [{ height, width, ascend: stepAt(network, objective, size) }];
    } catch (error) {
      if (!(error instanceof InputError) || i === octaves - 1) throw error;
      return [];
    }
  });
}

/** @throws {RangeError} If the layer cannot be computed for an image of that size. */
function stepAt(
  network: Network,
  objective: ActivationObjective,
  dims: readonly number[],
): AscentStep {
  try {
    const tiling = tilingOf(dims[2], dims[3], MOST_PIXELS);
    return tiling
      ? tiledStepOf(network, objective, dims, tiling)
      : stepOf(network, objective, dims);
  } catch (error) {
    const [, , height, width] = network.inputDims;
    const [, , ...size] = dims;
    if (!(error instanceof RangeError) || `${size}` === `${[height, width]}`) throw error;
    throw new InputError(
      `Cannot dream of "${objective.layer}" at ${size.join(" x ")}: it is made for images of ` +
        `${height} x ${width} (${error.message})`,
      { cause: error },
    );
  }
}

/**
 * Dreams into an image, from coarse to fine. What is carried from one size to the next is the
 * change, so that the image's own detail stays sharp.
 *
 * @param frame Which dream of a zoom.
 */
export async function* dreamInto(
  base: Tensor<"float32">,
  frame: number,
  { input, stages, options, signal }: DreamSettings,
): Steps<Dream> {
  const { iterations } = options;
  const ranges = channelRanges(input);
  const perFrame = stages.length * iterations;
  const octaves: Octave[] = [];
  let detail: Tensor<"float32"> | undefined;
  let tensor = base;
  for (const [octave, { height, width, ascend }] of stages.entries()) {
    const still = zoomTo(base, height, width);
    tensor = detail ? combine(still, zoomTo(detail, height, width), 1) : still;
    const values: number[] = [];
    for (let i = 0; i < iterations; i++) {
      signal?.throwIfAborted();
      const step = frame * perFrame + octave * iterations + i;
      const { next, value } = await jitteredStep(ascend, tensor, step, options, input, signal);
      values.push(value);
      tensor = clamp(next, ranges);
      const shown = tensor;
      const preview = i === iterations - 1 ? () => deprocess(shown, input) : undefined;
      yield { done: step + 1, total: options.frames * perFrame, unit: "steps", preview };
    }
    detail = combine(tensor, still, -1);
    octaves.push({ height, width, first: values[0], last: values.at(-1)! });
  }
  return { tensor, octaves };
}

/** One step along the gradient, seen from a shifted place so that no grid builds up. */
async function jitteredStep(
  ascend: AscentStep,
  dream: Tensor<"float32">,
  step: number,
  { jitter, step: levels, seed }: DeepDreamOptions,
  { scale, std }: ManifestInput,
  signal?: AbortSignal,
): Promise<{ next: Tensor<"float32">; value: number }> {
  const [down, right] = randomShift(seed, step, jitter);
  const rate = levels * scale * std.length / std.reduce((sum, value) => sum + value, 0);
  const { next, value } = await ascend(roll(dream, down, right), rate, { signal });
  return { next: roll(next, -down, -right), value };
}

/** What each channel of the input can be. */
function channelRanges({ scale, mean, std }: ManifestInput): { min: number; max: number }[] {
  return mean.map((m, c) => ({ min: -m / std[c], max: (255 * scale - m) / std[c] }));
}
