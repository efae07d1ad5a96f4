import type { InversionOptions as AscentOptions } from "../../optimize/mod.ts";
import { weightsInput } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import type { InversionOptions } from "./options.ts";

/**
 * Adam cuts levels off where they cannot be shown, and a penalty on the largest would pull images
 * with much black and white to grey.
 */
const ALPHA: Readonly<Record<AscentOptions["optimizer"], number>> = { adam: 0, momentum: 1 };

/** How a layer is inverted, but for the seed. */
export type Settings = Omit<AscentOptions, "seed">;

/** Strength of the total variation up to a quarter of the depth, and the one where it ends. */
const LEAST_TV = 0.1;
const MOST_TV = 10;

/** Share of the depth up to which the least is enough, and over which the strength grows tenfold. */
const SHALLOW = 0.25;
const TENFOLD = 0.3;

/**
 * How a layer is inverted: what the options say, and by the layer's depth where they do not. Shallow
 * features say nearly all of an image, so little has to be assumed; deep ones leave most open, and
 * more total variation keeps noise away.
 */
export function settingsOf(
  network: Network,
  layer: string,
  { optimizer, tv, alpha, jitter, steps }: InversionOptions,
): Settings {
  const depth = depthOf(network, layer) / depthOf(network, network.mainTensor);
  const grown = LEAST_TV * 10 ** ((depth - SHALLOW) / TENFOLD);
  return {
    optimizer,
    tv: tv === "auto" ? Math.min(MOST_TV, Math.max(LEAST_TV, grown)) : tv,
    alpha: alpha === "auto" ? ALPHA[optimizer] : alpha,
    jitter,
    steps,
  };
}

/** Weighted operators on the longest way from the image to a tensor. */
function depthOf({ index }: Network, tensor: string): number {
  const depths = new Map<string, number>();
  for (const node of index.ancestors([tensor])) {
    const before = Math.max(0, ...node.input.map((name) => depths.get(name) ?? 0));
    const depth = before + (weightsInput(node) === undefined ? 0 : 1);
    for (const name of node.output) depths.set(name, depth);
  }
  return depths.get(tensor) ?? 0;
}
