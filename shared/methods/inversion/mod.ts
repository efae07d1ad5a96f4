/**
 * Inversion: images made from nothing but the features that a layer has for an image. What they have
 * in common with it, and with each other, is what the layer keeps.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { float32 } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { Context, ImageInputs, Json, Method, Run } from "../../contract/method.ts";
import { type FeatureDistances, featureDistances } from "./feature_distances.ts";
import { type Inversion, invert } from "./invert.ts";
import { type InversionOptions, inversionOptions } from "./options.ts";
import type { Settings } from "./settings.ts";
import { aliasOf, inversionFigure, inversionImages } from "./figures.ts";

export * from "./options.ts";

/** What a layer still knows of an image. */
export const inversion: Method<InversionOptions, ImageInputs> = {
  id: "inversion",
  title: "Inversion",
  summary:
    "Rebuilds an image from the features that a layer has for it, from several random restarts.",
  paper: {
    title: "Understanding Deep Image Representations by Inverting Them",
    authors: "Aravindh Mahendran, Andrea Vedaldi",
    venue: "CVPR",
    year: 2015,
    url: "https://arxiv.org/abs/1412.0035",
  },
  takes: { image: "required", corpus: "optional" },
  options: inversionOptions,
  run,
};

async function* run(
  context: Context,
  { image: original, corpus }: ImageInputs,
  options: InversionOptions,
): Run {
  const { network } = context;
  const layers = layersOf(network, options.layer);
  const inversions = yield* invert(context, layers, original.tensor, options);
  const { compare, seed } = options;
  const found = corpus && (yield* featureDistances(context, inversions, corpus, { compare, seed }));
  return {
    figures: { figure: inversionFigure(network, original.image, inversions) },
    images: inversionImages(network, inversions),
    arrays: inversionArrays(network, inversions),
    measures: {
      layers: inversions.map((made, i) => measuresOf(network, made, found?.[i])),
      restarts: options.restarts,
      seed,
      ...corpus && { compared: Math.min(compare, corpus.count) },
    },
  };
}

/** The tensors that a person means. */
function layersOf(network: Network, requested: string): string[] {
  // What comes after the scores is a softmax, which hides what the scores tell apart.
  const hidden = network.hasScores ? network.probabilitiesTensor : undefined;
  const sweep = network.layers.map(({ tensor }) => tensor).filter((tensor) => tensor !== hidden);
  if (requested !== "all" && requested !== "auto") return [network.resolveLayer(requested)];
  if (sweep.length === 0) {
    throw new InputError(
      `Cannot choose a layer of ${network.id}: it has no feature maps; name one`,
    );
  }
  return requested === "all" ? sweep : [sweep[Math.floor(sweep.length / 2)]];
}

function inversionArrays(network: Network, inversions: readonly Inversion[]) {
  const restarts = inversions[0].restarts.length;
  const [, ...dims] = network.inputDims;
  const images = inversions.flatMap((made) => made.restarts.map(({ image }) => image.data));
  const data = new Float32Array(images.length * images[0].length);
  images.forEach((image, i) => data.set(image, i * image.length));
  const errors = inversions.flatMap(({ norm, restarts }) => restarts.map((s) => s.distance / norm));
  return {
    images: float32(data, [inversions.length, restarts, ...dims]),
    errors: float32(Float32Array.from(errors), [inversions.length, restarts]),
  };
}

function measuresOfSettings(settings: Settings): { readonly [name: string]: Json } {
  if (settings.prior === "published") return { ...settings, jitter: settings.jitter ?? 0 };
  const { prior, steps, views: { shift, zoom, angle } } = settings;
  return { prior, steps, shift, zoom, angle };
}

function measuresOf(
  network: Network,
  { layer, settings, restarts, norm, startDistance, relativeStartDistance }: Inversion,
  among?: FeatureDistances,
): Json {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    layer: aliasOf(network, layer),
    tensor: layer,
    ...measuresOfSettings(settings),
    relativeErrors: restarts.map(({ distance }) => distance / norm),
    ...among && {
      pairDistance: among.pairDistance,
      normalizedErrors: restarts.map(({ distance }) => distance / among.pairDistance),
      ranks: among.ranks,
      isAmongFive: among.ranks.every((rank) => rank <= 5),
    },
    psnr: restarts.map(({ psnr }) => psnr),
    startDistance,
    relativeStartDistance,
    stepSeconds: mean(restarts.map(({ stepSeconds }) => stepSeconds)),
  };
}
