import type { ModelDetails } from "../../../../shared/api/mod.ts";

/**
 * A target that was chosen for one network, "cup (3)", for another: the class of the same name,
 * whose index may differ; empty where there is none. What was typed without an index stays.
 *
 * @param labels Of the other network, in the order of its scores.
 */
export function targetFor(text: string, labels: readonly string[]): string {
  const chosen = /^(.*) \((\d+)\)\s*$/.exec(text);
  if (!chosen) return text;
  const [, label, index] = chosen;
  if (labels[Number(index)] === label) return text;
  const found = labels.indexOf(label);
  return found < 0 ? "" : `${label} (${found})`;
}

/** Whether a text names a layer of the network, or a unit of one: "conv3", "conv3:12:4:4". */
export function namesLayer(text: string, layers: ModelDetails["layers"]): boolean {
  const names = layers.flatMap(({ alias, tensor }) => [alias, tensor]);
  return names.some((name) => text === name || text.startsWith(`${name}:`));
}
