import { InputError } from "../../errors.ts";
import { propagateRelevance, type RelevanceSettings } from "../../grad/mod.ts";
import type { Network } from "../../network/network.ts";
import { objectiveOf, type ScoreTarget } from "../../network/score_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { LrpOptions } from "./options.ts";

/** Relevances of tensors for a score. */
export interface Relevance {
  readonly score: number;
  readonly found: Readonly<Record<string, Tensor<"float32">>>;
}

export const settingsOf = ({ rule, epsilon, gamma, biases }: LrpOptions): RelevanceSettings => ({
  rule,
  epsilon,
  gamma,
  biases,
});

/** The model that hands a score back to tensors, each once. */
export function relevanceModel(
  network: Network,
  target: ScoreTarget,
  settings: RelevanceSettings,
  wrt: readonly string[],
) {
  return propagateRelevance(network.model, {
    from: { objective: objectiveOf(target) },
    wrt,
    inputs: { [network.inputName]: network.inputDims },
    ...settings,
  });
}

/**
 * The relevance of tensors of the network for a score.
 *
 * @throws {InputError} If a value is NaN or infinite, or there is no relevance to hand back.
 */
export async function relevanceOf(
  network: Network,
  target: ScoreTarget,
  settings: RelevanceSettings,
  { input, wrt }: { readonly input: Tensor<"float32">; readonly wrt: readonly string[] },
  options: RunOptions,
): Promise<Relevance> {
  const { model, score, relevances } = relevanceModel(network, target, settings, wrt);
  const names = wrt.map((name) => relevances[name]);
  const feeds = { [network.inputName]: input };
  const results = await network.evaluate(model, feeds, [score, ...names], options);
  const value = Number(results[score].data[0]);
  requireFinite([value], "propagate relevance", `the ${target.quantity} of ${target.label}`);
  const found = Object.fromEntries(wrt.map((name) => {
    const { data, dims } = results[relevances[name]];
    requireFinite(data as Float32Array, "propagate relevance", `the relevance of "${name}"`);
    return [name, float32(data as Float32Array, dims)];
  }));
  if (value === 0 || found[wrt[0]].data.every((one) => one === 0)) {
    throw new InputError(
      `Cannot attribute ${target.label}: ` +
        (value === 0 ? `its ${target.quantity} is 0` : "no relevance reaches the image") +
        ", expected a score that something in the image adds to; try another class",
    );
  }
  return { score: value, found };
}
