import { InputError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The objective at an image, and its gradient by the image. */
export interface Slope {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Computes the objective at what the network is fed, [1, C, H, W]. */
export type GradientFunction = (image: Tensor<"float32">) => Promise<Slope>;

/** Where an ascent stands after a step. */
export interface AscentPoint {
  /** What the network is fed. */
  readonly image: Tensor<"float32">;
  /** The objective there, or, of an ascent that looks from changing views, in the last view. */
  readonly value: number;
}

export interface AscendOptions {
  readonly keep: "best" | "last";
  readonly signal?: AbortSignal;
}

export interface Ascended extends AscentPoint {
  /** The objective at every point, in order. */
  readonly values: readonly number[];
  /** Index of the point that was kept. */
  readonly index: number;
  /** Mean time of a step. */
  readonly stepSeconds: number;
}

/**
 * Follows an ascent to its end, and yields each point.
 *
 * @throws {RangeError} If the objective is no number: an input or weight of the network is none.
 */
export async function* ascend(
  ascent: AsyncIterable<AscentPoint>,
  { keep, signal }: AscendOptions,
): AsyncGenerator<AscentPoint & { readonly index: number }, Ascended, void> {
  const values: number[] = [];
  let kept: (AscentPoint & { index: number }) | undefined;
  const start = performance.now();
  for await (const point of ascent) {
    signal?.throwIfAborted();
    if (!Number.isFinite(point.value)) {
      throw new InputError(
        `Cannot ascend: after ${values.length} steps the objective is ${point.value}, expected a ` +
          "number; a smaller rate may help, unless the network has non-finite weights",
      );
    }
    const index = values.push(point.value) - 1;
    yield { ...point, index };
    if (keep === "last" || !kept || point.value > kept.value) kept = { ...point, index };
  }
  if (!kept) throw new InputError("Cannot ascend: there are no steps");
  const stepSeconds = (performance.now() - start) / 1000 / values.length;
  return { ...kept, values, stepSeconds };
}
