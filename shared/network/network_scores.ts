import { InputError } from "../errors.ts";
import type { Network } from "./network.ts";
import { findOutputs, type FoundScores, linkAfter } from "./find_outputs.ts";

/** What the class scores are looked for in. */
type ScoredNetwork = Pick<
  Network,
  "manifest" | "index" | "facts" | "labelCount" | "resolveLayer"
>;

/**
 * Where a network's class scores are: as its manifest says it, else where its graph shows them.
 *
 * @throws {InputError} If there are none.
 */
export function networkScores(network: ScoredNetwork): FoundScores {
  const { index, facts, labelCount } = network;
  return statedScores(network) ?? findOutputs(index, facts, undefined, labelCount);
}

function statedScores(network: ScoredNetwork): FoundScores | undefined {
  const { index, facts, manifest } = network;
  const { logits, probabilities, scores, link } = manifest.outputs ?? {};
  const from = "as it is stated";
  if (scores !== undefined) return scoresAt(network, network.resolveLayer(scores), from);
  if (logits !== undefined) {
    const tensor = network.resolveLayer(logits);
    const made = link ?? linkAfter(index, tensor) ?? "softmax";
    return { logits: tensor, probabilities, link: made, from };
  }
  if (probabilities === undefined) return undefined;
  const found = findOutputs(index, facts, [network.resolveLayer(probabilities)]);
  return link === undefined ? found : { ...found, link };
}

/** A tensor that was named, before or behind what makes probabilities. */
function scoresAt({ index, facts }: ScoredNetwork, tensor: string, from: string): FoundScores {
  try {
    return { ...findOutputs(index, facts, [tensor]), from };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // A row of another shape than [1, classes] is scores if somebody says so.
    return { logits: tensor, link: linkAfter(index, tensor) ?? "softmax", from };
  }
}
