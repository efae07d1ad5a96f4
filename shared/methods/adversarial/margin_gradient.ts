import { InputError } from "../../errors.ts";
import { differentiate, projection } from "../../grad/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { type ClassScores, scoresIn, scoreTensors } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";

const WEIGHTS = "margin/weights";

/** By how much a class leads at an image. */
export interface Margin extends ClassScores {
  /** Of its score over the largest other one at the last image, by the network's input. */
  readonly gradient: Float32Array;
}

/**
 * Makes a function of images: the scores, and the gradient of a class's score less that of its
 * rival, the largest other class of the image before.
 *
 * @param rival The first image's.
 */
export function marginGradient(
  network: Network,
  { target, rival }: { readonly target: number; readonly rival: number },
  options: RunOptions = {},
): (image: Tensor<"float32">) => Promise<Margin> {
  const { inputName, inputDims, logitsTensor } = network;
  const dims = network.facts.get(logitsTensor)?.dims;
  if (dims === undefined) {
    throw new InputError(`Cannot change ${network.id}: the shape of its scores is not known`);
  }
  const scores = scoreTensors(network);
  const { model } = differentiate(network.model, {
    objective: projection(logitsTensor, WEIGHTS),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
    outputs: scores,
  });
  let against = rival;
  return async (image) => {
    const weights = new Float32Array(elementCount(dims));
    weights[target] = 1;
    weights[against] = -1;
    const gradient = `grad/${inputName}`;
    const results = await network.evaluate(
      model,
      { [inputName]: image, [WEIGHTS]: float32(weights, dims) },
      [gradient, ...scores],
      options,
    );
    const found = scoresIn(network, results);
    against = bestBut(found.logits, target);
    return { ...found, gradient: results[gradient].data as Float32Array };
  };
}

/** Index of the largest score but one class's. */
export function bestBut(logits: Float32Array, excluded: number): number {
  let best = excluded === 0 ? 1 : 0;
  logits.forEach((score, i) => {
    if (i !== excluded && score > logits[best]) best = i;
  });
  return best;
}
