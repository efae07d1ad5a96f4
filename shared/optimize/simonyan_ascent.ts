import type { ManifestInput } from "../models/mod.ts";
import { elementCount, float32 } from "../tensor/tensor.ts";
import type { AscentPoint, GradientFunction } from "./ascend.ts";
import { levelSpace } from "./level_space.ts";

const MOMENTUM = 0.9;

export interface SimonyanAscentOptions {
  readonly steps: number;
  /** Levels by which a pixel moves in the first step, on average. */
  readonly rate: number;
  /**
   * Root mean square of the image, in levels, at which the penalty pulls back as hard as the
   * score pulls at the start. So the strength fits scores of any scale.
   */
  readonly size: number;
}

/**
 * Ascends a score minus a multiple of the squared norm of the image, in levels about the mean
 * image, from that image. The paper gives neither rate nor strength.
 *
 * @see Simonyan et al., "Deep Inside Convolutional Networks", 2014
 */
export async function* simonyanAscent(
  dims: readonly number[],
  input: ManifestInput,
  gradientOf: GradientFunction,
  { steps, rate, size }: SimonyanAscentOptions,
): AsyncGenerator<AscentPoint> {
  const space = levelSpace(input);
  const levels = float32(new Float32Array(elementCount(dims)), dims);
  const velocity = new Float32Array(levels.data.length);
  let factors: { readonly step: number; readonly pull: number } | undefined;
  for (let step = 0; step < steps; step++) {
    const image = space.toInput(levels);
    const { value, gradient } = await gradientOf(image);
    yield { image, value };
    const slope = space.gradient(gradient);
    factors ??= firstFactors(slope, rate, size);
    for (let i = 0; i < velocity.length; i++) {
      const net = slope[i] - factors.pull * levels.data[i];
      velocity[i] = MOMENTUM * velocity[i] + factors.step * net;
      levels.data[i] += velocity[i];
    }
  }
}

function firstFactors(slope: Float32Array, rate: number, size: number) {
  let [absolute, square] = [0, 0];
  for (const g of slope) {
    absolute += Math.abs(g);
    square += g * g;
  }
  const { length } = slope;
  return { step: rate / (absolute / length || 1), pull: Math.sqrt(square / length) / size };
}
