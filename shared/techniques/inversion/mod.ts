/**
 * Inversion: pictures made from nothing but the code that a layer has for a picture. What they have
 * in common with it, and with each other, is what the layer keeps.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { float32 } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { Context, Json, PictureInputs, Run, Technique } from "../../contract/technique.ts";
import { type CodeDistances, codeDistances } from "./code_distances.ts";
import { type Inversion, invert } from "./invert.ts";
import { type InversionOptions, inversionOptions } from "./options.ts";
import { aliasOf, inversionPictures } from "./pictures.ts";

export * from "./options.ts";

/** What a layer still knows of a picture. */
export const inversion: Technique<InversionOptions, PictureInputs> = {
  id: "inversion",
  title: "Inversion",
  summary: "Rebuilds a picture from the code that a layer has for it, from several random starts.",
  paper: {
    title: "Understanding Deep Image Representations by Inverting Them",
    authors: "Aravindh Mahendran, Andrea Vedaldi",
    venue: "CVPR",
    year: 2015,
    url: "https://arxiv.org/abs/1412.0035",
  },
  takes: { picture: "required", corpus: "optional" },
  options: inversionOptions,
  run,
};

async function* run(
  context: Context,
  { picture: original, corpus }: PictureInputs,
  options: InversionOptions,
): Run {
  const { network } = context;
  const layers = layersOf(network, options.layer);
  const inversions = yield* invert(context, layers, original.tensor, options);
  const { compare, seed } = options;
  const found = corpus && (yield* codeDistances(context, inversions, corpus, { compare, seed }));
  return {
    pictures: inversionPictures(network, original.picture, inversions),
    arrays: inversionArrays(network, inversions),
    measures: {
      layers: inversions.map((made, i) => measuresOf(network, made, found?.[i])),
      starts: options.starts,
      seed,
      ...corpus && { compared: Math.min(compare, corpus.count) },
    },
  };
}

/** The tensors that a person means. */
function layersOf(network: Network, wish: string): string[] {
  // What comes after the scores is a softmax, which hides what the scores tell apart.
  const ladder = network.layers.map(({ tensor }) => tensor)
    .filter((tensor) => tensor !== network.probabilitiesTensor);
  if (wish !== "all" && wish !== "auto") return [network.resolveLayer(wish)];
  if (ladder.length === 0) {
    throw new InputError(
      `Cannot choose a layer of ${network.id}: it has no feature maps; name one`,
    );
  }
  return wish === "all" ? ladder : [ladder[Math.floor(ladder.length / 2)]];
}

function inversionArrays(network: Network, inversions: readonly Inversion[]) {
  const starts = inversions[0].starts.length;
  const [, ...dims] = network.inputDims;
  const pictures = inversions.flatMap((made) => made.starts.map(({ picture }) => picture.data));
  const data = new Float32Array(pictures.length * pictures[0].length);
  pictures.forEach((picture, i) => data.set(picture, i * picture.length));
  const errors = inversions.flatMap(({ norm, starts }) => starts.map((s) => s.distance / norm));
  return {
    pictures: float32(data, [inversions.length, starts, ...dims]),
    errors: float32(Float32Array.from(errors), [inversions.length, starts]),
  };
}

function measuresOf(
  network: Network,
  { layer, settings, starts, norm, startDistance, relativeStartDistance }: Inversion,
  among?: CodeDistances,
): Json {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    layer: aliasOf(network, layer),
    tensor: layer,
    ...settings,
    relativeErrors: starts.map(({ distance }) => distance / norm),
    ...among && {
      pairDistance: among.pairDistance,
      normalizedErrors: starts.map(({ distance }) => distance / among.pairDistance),
      ranks: among.ranks,
      isAmongFive: among.ranks.every((rank) => rank <= 5),
    },
    psnr: starts.map(({ psnr }) => psnr),
    startDistance,
    relativeStartDistance,
    stepSeconds: mean(starts.map(({ stepSeconds }) => stepSeconds)),
  };
}
