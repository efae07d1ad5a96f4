import type { Network } from "../network.ts";
import { type Axes, extentOf, isPlaced, other } from "./axis.ts";
import { type MapAxes, mapAxesOf } from "./map_axes.ts";

/** A layer of attention: for each query token, how much of each key token is read. */
export interface AttentionAxes {
  /** The tensor [..., queries, keys], behind the softmax. */
  readonly tensor: string;
  /** How many heads, or heads times windows, there are. */
  readonly heads: number;
  readonly tokens: number;
  /** The positions of the tokens; undefined where each window has its own. */
  readonly map: MapAxes | undefined;
}

/** Attention of the tokens of an image among themselves, in running order. */
export function attentionLayers({ index, axes }: Pick<Network, "index" | "axes">): AttentionAxes[] {
  return index.order.filter(({ opType }) => opType === "Softmax").flatMap((node) => {
    const [tensor] = node.output;
    const found = axes.get(tensor);
    const tokens = found && tokensOf(found);
    return tokens ? [{ tensor, ...tokens }] : [];
  });
}

/** Of [..., tokens, tokens] with the same positions along both axes. */
function tokensOf(axes: Axes) {
  const [keys, queries] = [axes.at(-1), axes.at(-2)];
  if (!keys || !queries || !isPlaced(keys)) return undefined;
  if (JSON.stringify(keys) !== JSON.stringify(queries)) return undefined;
  const heads = axes.slice(0, -2).reduce((product, axis) => product * extentOf(axis), 1);
  const isWhole = !axes.slice(0, -2).some(isPlaced);
  return {
    heads,
    tokens: extentOf(keys),
    map: isWhole ? mapAxesOf([keys, other(1)]) : undefined,
  };
}
