import type { Network } from "./network.ts";

/**
 * Whether the scores follow from a tensor alone: every way from the image to them leads through it.
 * Of a branch of an inception module, or of a block with a shortcut, they do not.
 *
 * @param tensor Name in the graph; a view of a layer is on no way.
 */
export function scoresFollowFrom(
  tensor: string,
  { index, inputName, logitsTensor }: Pick<Network, "index" | "inputName" | "logitsTensor">,
): boolean {
  const seen = new Set([tensor]);
  const open = [logitsTensor];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    if (name === inputName) return false;
    seen.add(name);
    open.push(...index.producer(name)?.input ?? []);
  }
  return true;
}
