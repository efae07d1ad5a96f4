import type { FigureSet, GalleryNetwork, NetworkOutline } from "./figure_set.ts";

/** ImageNet classes that the papers show, and some that are easy to recognise. */
const SHOWN = [
  ...["dumbbell", "cup", "dalmatian", "goose", "flamingo", "pelican", "bell pepper", "lemon"],
  ...["Siberian husky", "washing machine", "computer keyboard", "kit fox", "ostrich", "limousine"],
  ...["pirate", "volcano", "strawberry", "acoustic guitar", "monarch", "jellyfish"],
];

/** The class that has the text among its names. */
function classIndex(text: string, { labels, id }: NetworkOutline): number {
  const index = labels.findIndex((label) => label.split(", ").includes(text));
  if (index >= 0) return index;
  throw new RangeError(`Cannot plan the gallery: ${id} has no class "${text}"`);
}

const classModels = (
  settings: readonly { readonly recipe: string; readonly steps?: number; readonly gain?: number }[],
  targets: (network: NetworkOutline) => readonly number[],
): FigureSet => ({
  id: "class-models",
  technique: "class-model",
  options: (network) =>
    settings.flatMap((setting) => targets(network).map((target) => ({ target, ...setting }))),
  isJudged: true,
  pictureNames: ["class-model"],
});

/** @param count Channels of each layer; all of those that have fewer. */
const neurons = (aliases: readonly string[], count: number, steps: number): FigureSet => ({
  id: "neurons",
  technique: "neuron",
  options: ({ layers }) =>
    layers.filter(({ alias }) => aliases.includes(alias)).flatMap(({ alias, channels }) =>
      Array.from({ length: Math.min(count, channels) }, (_, channel) => ({
        unit: `${alias}:${channel}`,
        steps,
      }))
    ),
  pictureNames: ["neuron"],
});

const perLayer = (id: string, technique: string, layers: readonly string[]): FigureSet => ({
  id,
  technique,
  options: () => layers.map((layer) => ({ layer })),
});

const dreams = (layers: readonly string[], enlarge: number): FigureSet => ({
  id: "dreams",
  technique: "deep-dream",
  options: () => layers.map((layer) => ({ layer, enlarge, octaves: 5, iterations: 20 })),
});

/**
 * glyphnet's gradients at the start are a few times smaller than GoogLeNet's, and its pictures have
 * a fifth of the pixels: with the published rates hardly anything happens.
 */
const YOSINSKI = [
  { recipe: "yosinski-1", gain: 1000 },
  { recipe: "yosinski-2", gain: 1000 },
  { recipe: "yosinski-3", gain: 1000 },
  { recipe: "yosinski-4", gain: 10 },
];

/** The slow recipes are shown for some classes only. */
const isFourth = (index: number) => index % 4 === 0;

/** Large networks take a second for three steps. */
const QUICK = { recipe: "fourier", steps: 160 };

const CONVOLUTIONS = ["conv1", "conv2", "conv3", "conv4", "conv5"];

/** What the network looks at in the samples. */
const ON_SAMPLES: readonly FigureSet[] = [
  {
    id: "occlusion",
    technique: "occlusion",
    options: () => [{ window: 16, stride: 4 }],
    pictures: "samples",
    pictureNames: ["figure", "overlay"],
  },
  {
    id: "gradient",
    technique: "gradient",
    options: () => [
      { rule: "plain", sanity: true },
      { rule: "plain", samples: 25, noise: 0.15 },
      { rule: "guided", sanity: true },
      { rule: "deconvnet", sanity: true },
    ],
    pictures: "samples",
  },
  { id: "segment", technique: "segment", options: () => [{}], pictures: "samples" },
  { id: "adversarial", technique: "adversarial", options: () => [{}], pictures: "samples" },
  {
    id: "style",
    technique: "style",
    options: () => [{}],
    pictures: "samples",
    guides: ["sailboat.png", "bicycle.png"],
    mostPictures: 4,
  },
  { ...perLayer("activations", "activations", ["relu1", "relu3", "relu5"]), pictures: "samples" },
  {
    id: "inversion",
    technique: "inversion",
    options: () => [{ layer: "all", starts: 3 }],
    pictures: "samples",
    mostPictures: 3,
    corpus: "scenes",
    pictureNames: ["ladder"],
  },
];

/** What needs many pictures: rendered scenes, which may be shown. */
const ON_SCENES: readonly FigureSet[] = [
  {
    id: "patches",
    technique: "patches",
    options: () => CONVOLUTIONS.map((layer) => ({ layer, channels: "all" })),
    corpus: "scenes",
  },
  {
    id: "embedding",
    technique: "embedding",
    options: () => ["tsne", "umap", "pca"].map((method) => ({ layer: "relu7", method })),
    corpus: "scenes",
    arrays: ["points", "cells"],
  },
];

/** For networks of photographs: figures of the maintainer's own folder, which stay there. */
const ON_IMAGES = (layers: readonly string[]): readonly FigureSet[] => [
  {
    id: "occlusion",
    technique: "occlusion",
    options: () => [{ window: 40, stride: 16 }],
    pictures: "images",
    pictureNames: ["figure", "overlay"],
  },
  {
    id: "gradient",
    technique: "gradient",
    options: () => ["plain", "guided", "deconvnet"].map((rule) => ({ rule })),
    pictures: "images",
  },
  {
    id: "patches",
    technique: "patches",
    options: () => layers.map((layer) => ({ layer, channels: "0-31" })),
    corpus: "images",
  },
];

const GOOGLENET_LAYERS = ["conv2", "inception_3b", "inception_4a", "inception_4c", "inception_4e"];

/** Every figure of the gallery. */
export const GALLERY: readonly GalleryNetwork[] = [
  {
    id: "glyphnet",
    judge: "glyphnet-b",
    unitLayers: CONVOLUTIONS,
    sets: [
      classModels(
        [{ recipe: "fourier" }, { recipe: "simonyan" }],
        ({ labels }) => labels.map((_, index) => index),
      ),
      classModels(YOSINSKI, ({ labels }) => labels.map((_, index) => index).filter(isFourth)),
      neurons(CONVOLUTIONS, 96, 128),
      { ...perLayer("weights", "weights", ["conv1", "conv2"]), isLossless: true },
      ...ON_SAMPLES,
      ...ON_SCENES,
      dreams(["relu2", "relu3", "relu4", "relu5"], 3),
    ],
  },
  {
    id: "googlenet-bvlc",
    judge: "mobilenetv2-1.0-224",
    unitLayers: GOOGLENET_LAYERS,
    sets: [
      classModels([QUICK], (network) => SHOWN.map((text) => classIndex(text, network))),
      neurons(GOOGLENET_LAYERS, 4, 96),
      { ...perLayer("weights", "weights", ["conv1"]), isLossless: true },
      dreams(["inception_3b", "inception_4c", "inception_4e"], 2),
      ...ON_IMAGES(GOOGLENET_LAYERS),
    ],
  },
  {
    id: "squeezenet1.1",
    judge: "mobilenetv2-1.0-224",
    unitLayers: [],
    sets: [
      classModels(
        [QUICK],
        (network) => SHOWN.slice(0, 6).map((text) => classIndex(text, network)),
      ),
      { ...perLayer("weights", "weights", ["auto"]), isLossless: true },
      dreams(["fire5", "fire8"], 2),
    ],
  },
];
