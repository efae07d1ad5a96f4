import { InputError } from "../../errors.ts";
import {
  bestMatch,
  differentiate,
  energy,
  type Objective,
  withAscentStep,
} from "../../grad/mod.ts";
import { withOutputs } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { BlendedTiles, tileOf, type Tiling } from "./tiles.ts";
import type { Network } from "../../network/network.ts";
import { requireFinite } from "../../network/require_finite.ts";

/** What a dream raises: how strongly a layer responds, or how well it matches a guide. */
export interface ActivationObjective {
  /** For a person. */
  readonly quantity: "energy" | "match with the guide";
  readonly layer: string;
  readonly objective: Objective;
  /** What the objective reads beside the network. */
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/** Name of the model's input with the guide's features. */
const FEATURES = "dream/features";

/**
 * The energy of a layer or, with a guide, at each of its positions the match with the feature of
 * the guide that fits best.
 *
 * @throws {RangeError} If there is a guide and the layer has no channels.
 */
export async function activationObjective(
  network: Network,
  layer: string,
  guide: Tensor<"float32"> | undefined,
  options: RunOptions,
): Promise<ActivationObjective> {
  if (!guide) return { quantity: "energy", layer, objective: energy(layer), feeds: {} };
  const { [layer]: answer } = await network.forward(guide, [layer], options);
  const { dims } = answer;
  if (dims.length !== 4 && dims.length !== 2) {
    throw new InputError(
      `Cannot follow the guide in "${layer}": its shape is [${dims}], expected [1, C, H, W] or ` +
        "[1, C]",
    );
  }
  const count = elementCount(dims.slice(2));
  return {
    quantity: "match with the guide",
    layer,
    objective: bestMatch(layer, FEATURES, count),
    feeds: { [FEATURES]: { ...answer, dims: [dims[1], count] } as Tensor },
  };
}

/** Where a step leads, and how strong the objective was before it. */
export interface Step {
  readonly next: Tensor<"float32">;
  readonly value: number;
}

/** Makes steps of a dream of one size. */
export type AscentStep = (
  dream: Tensor<"float32">,
  rate: number,
  options: RunOptions,
) => Promise<Step>;

/** The objective's gradient by an image of one size. */
function gradientModel(
  { model, inputName }: Network,
  { layer, objective }: ActivationObjective,
  dims: readonly number[],
) {
  return differentiate(withOutputs(model, [layer]), {
    objective,
    wrt: [inputName],
    inputs: { [inputName]: dims },
  });
}

/**
 * The step of a dream in one run of the network.
 *
 * @param dims The dream's shape, [1, C, H, W].
 */
export function stepOf(
  network: Network,
  objective: ActivationObjective,
  dims: readonly number[],
): AscentStep {
  const { inputName } = network;
  const gradient = gradientModel(network, objective, dims);
  const ascent = withAscentStep(gradient, inputName);
  return async (dream, rate, options) => {
    const results = await network.evaluate(
      ascent.model,
      { ...objective.feeds, [inputName]: dream, [ascent.rate]: float32(Float32Array.of(rate), []) },
      [ascent.next, gradient.objective],
      options,
    );
    const value = Number(results[gradient.objective].data[0]);
    requireFinite([value], `dream of "${objective.layer}"`, `its ${objective.quantity}`);
    return { next: results[ascent.next] as Tensor<"float32">, value };
  };
}

/**
 * The same in overlapping tiles, for an image whose activations would not fit: the tiles' gradients
 * are blended where they overlap, and scaled together. Within half an overlap of a tile's border the
 * layer sees less than it would in the whole; the jitter moves these borders from step to step.
 */
export function tiledStepOf(
  network: Network,
  objective: ActivationObjective,
  dims: readonly number[],
  tiling: Tiling,
): AscentStep {
  const { inputName } = network;
  const [height, width] = [tiling.rows.extent, tiling.columns.extent];
  const gradient = gradientModel(network, objective, [...dims.slice(0, 2), height, width]);
  const outputs = [gradient.gradients[inputName], gradient.objective];
  return async (dream, rate, options) => {
    const blended = new BlendedTiles(dims, tiling);
    let value = 0;
    for (const tile of blended.places()) {
      options.signal?.throwIfAborted();
      const feeds = { ...objective.feeds, [inputName]: tileOf(dream, tile, tiling) };
      const results = await network.evaluate(gradient.model, feeds, outputs, options);
      blended.add(tile, results[outputs[0]].data as Float32Array);
      value += Number(results[gradient.objective].data[0]);
    }
    requireFinite([value], `dream of "${objective.layer}"`, `its ${objective.quantity}`);
    const sum = blended.sum;
    const size = sum.reduce((all, g) => all + Math.abs(g), 0) / sum.length;
    const factor = rate / Math.max(size, 1e-12);
    return { next: float32(dream.data.map((x, i) => x + factor * sum[i]), dims), value };
  };
}
