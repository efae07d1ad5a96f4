import { InputError } from "../../errors.ts";
import { type AttentionAxes, attentionLayers } from "../../network/axes/attention_axes.ts";
import type { MapAxes } from "../../network/axes/map_axes.ts";
import type { Network } from "../../network/network.ts";

/** Attention among all tokens of the image. */
export type GlobalAttention = AttentionAxes & { readonly map: MapAxes };

/** The layer that is shown, and those before it with the same tokens, in order, itself the last. */
export interface FoundAttention {
  readonly layer: GlobalAttention;
  readonly stack: readonly GlobalAttention[];
  /** Its number among all layers of attention. */
  readonly place: number;
}

const isGlobal = (one: AttentionAxes): one is GlobalAttention => one.map !== undefined;

/**
 * The layer of attention that is asked for.
 *
 * @throws {InputError} If the network has no attention, none such, or that of windows.
 */
export function findAttention(network: Network, name: string): FoundAttention {
  const all = attentionLayers(network);
  if (all.length === 0) {
    throw new InputError(
      `Cannot show the attention of ${network.id}: no softmax over products of its tokens was ` +
        "found, expected a vision transformer",
    );
  }
  const last = all.findLastIndex(isGlobal);
  const place = name === "auto"
    ? (last < 0 ? all.length - 1 : last)
    : all.findIndex(({ tensor }, i) => tensor === name || `${i}` === name);
  if (place < 0) {
    throw new InputError(
      `Cannot show the attention of "${name}": ${network.id} has the layers of attention 0 to ` +
        `${all.length - 1}: ${all.map(({ tensor }) => `"${tensor}"`).join(", ")}`,
    );
  }
  const layer = all[place];
  if (!isGlobal(layer)) {
    throw new InputError(
      `Cannot show the attention of "${layer.tensor}": it is within windows of ${layer.tokens} ` +
        "tokens, expected attention among all positions of the image",
    );
  }
  const stack = all.slice(0, place + 1).filter(isGlobal)
    .filter(({ tokens, map }) =>
      tokens === layer.tokens && map.height === layer.map.height && map.before === layer.map.before
    );
  return { layer, stack, place };
}
