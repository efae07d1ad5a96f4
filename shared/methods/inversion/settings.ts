import type {
  FourierInversionOptions,
  PixelInversionOptions,
  ViewRange,
} from "../../optimize/mod.ts";
import { weightsInput } from "../../onnx/mod.ts";
import type { Network } from "../../network/network.ts";
import type { InversionOptions } from "./options.ts";

/**
 * Adam cuts levels off where they cannot be shown, and a penalty on the largest would pull images
 * with much black and white to grey.
 */
const ALPHA: Readonly<Record<PixelInversionOptions["optimizer"], number>> = {
  adam: 0,
  momentum: 1,
};

/** How a layer is inverted, but for the seed. */
export type Settings =
  | { readonly prior: "fourier" } & Omit<FourierInversionOptions, "seed">
  | { readonly prior: "published" } & Omit<PixelInversionOptions, "seed">;

/** Strength of the total variation up to a quarter of the depth, and the one where it ends. */
const LEAST_TV = 0.1;
const MOST_TV = 10;

/** Share of the depth up to which the least is enough, and over which the strength grows tenfold. */
const SHALLOW = 0.25;
const TENFOLD = 0.3;

/** How far views differ for features without a place; see `VIEWS` of the synthesis. */
const VIEWS: ViewRange = { shift: 0.054, zoom: 0.2, angle: 0.1 };

/** Share of the distance between two positions of a map by which a view moves an image's border. */
const WITHIN = 0.25;

/**
 * Share of the depth beyond which the prior is that of natural images: from GoogLeNet's inception_3b
 * on, say. Pixels come nearer to the features of layers in the middle, by noise in which another
 * network sees nothing of the original.
 */
const DEEP = 0.3;

/** How a layer is inverted: what the options say, and by the layer where they do not. */
export function settingsOf(network: Network, layer: string, options: InversionOptions): Settings {
  const depth = depthOf(network, layer) / depthOf(network, network.mainTensor);
  const byDepth = depth > DEEP ? "fourier" : "published";
  const prior = options.prior === "auto" ? byDepth : options.prior;
  return prior === "fourier"
    ? { prior, steps: options.steps, views: viewsOf(network, layer) }
    : pixelSettings(depth, options);
}

/** Maps say where something is, so that views may not move it to the next position. */
function viewsOf({ inputDims, facts }: Network, layer: string): ViewRange {
  const [, , height, width] = inputDims;
  const side = Math.max(height, width);
  const positions = Math.max(1, ...(facts.get(layer)?.dims ?? []).slice(2));
  const share = Math.min(1, WITHIN / positions / VIEWS.shift);
  return {
    shift: share * VIEWS.shift * side,
    zoom: share * VIEWS.zoom,
    angle: share * VIEWS.angle,
  };
}

/**
 * How pixels move, by the layer's depth where the options do not say. Shallow features say nearly all
 * of an image, so little has to be assumed; deep ones leave most open, and more total variation keeps
 * noise away.
 *
 * @param depth As a share of the network's.
 */
function pixelSettings(
  depth: number,
  { optimizer, tv, alpha, jitter, steps }: InversionOptions,
): Settings {
  const grown = LEAST_TV * 10 ** ((depth - SHALLOW) / TENFOLD);
  return {
    prior: "published",
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
