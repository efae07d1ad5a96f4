import type { FigureSet } from "./figure_set.ts";
import { perLayer } from "./synthesis_sets.ts";

/** glyphnet's layers with weights and positions. */
export const CONVOLUTIONS = ["conv1", "conv2", "conv3", "conv4", "conv5"];

/** What the network looks at in the samples. */
export const ON_SAMPLES: readonly FigureSet[] = [
  {
    id: "occlusion",
    method: "occlusion",
    options: () => [{ window: 16, stride: 4 }],
    images: "samples",
    thumbnail: "overlay",
  },
  {
    id: "gradient",
    method: "gradient",
    thumbnail: "max-over-channels",
    options: () => [
      { rule: "plain", sanity: true },
      { rule: "plain", samples: 25, noise: 0.15 },
      { rule: "guided", sanity: true },
      { rule: "deconvnet", sanity: true },
    ],
    images: "samples",
  },
  {
    id: "cam",
    method: "cam",
    options: () => [{ layer: "conv4" }],
    images: "samples",
    thumbnail: "overlay",
  },
  {
    id: "integrated-gradients",
    method: "integrated-gradients",
    options: () => [{}],
    images: "samples",
    thumbnail: "attribution",
  },
  {
    id: "lrp",
    method: "lrp",
    options: () => [{ rule: "composite" }],
    images: "samples",
    thumbnail: "relevance",
    figureNames: ["figure"],
  },
  {
    id: "segment",
    method: "segment",
    options: () => [{}],
    images: "samples",
    thumbnail: "segment",
    imageNames: [],
  },
  { id: "adversarial", method: "adversarial", options: () => [{}], images: "samples" },
  {
    id: "style",
    method: "style",
    options: () => [{ side: 192 }],
    images: "samples",
    guides: ["sailboat.png", "bicycle.png"],
    mostImages: 4,
  },
  { ...perLayer("activations", "activations", ["relu1", "relu3", "relu5"]), images: "samples" },
  {
    id: "inversion",
    method: "inversion",
    options: () => [{ layer: "all", prior: "published", steps: 400, restarts: 3 }],
    images: "samples",
    mostImages: 3,
    corpus: "scenes",
    thumbnail: "original",
    imageNames: [],
  },
];

/** What needs many images: rendered scenes, which may be shown. */
export const ON_SCENES: readonly FigureSet[] = [
  {
    id: "patches",
    method: "patches",
    figureNames: ["figure"],
    options: () => CONVOLUTIONS.map((layer) => ({ layer, channels: "all" })),
    corpus: "scenes",
  },
  {
    id: "embedding",
    method: "embedding",
    thumbnail: "scatter",
    options: () => ["tsne", "umap", "pca"].map((method) => ({ layer: "relu7", method })),
    corpus: "scenes",
    arrays: ["points", "cells"],
  },
];

/** The lecture's map, of pixels alone: what every map of features is to be compared with. */
export const ON_DIGITS: FigureSet = {
  id: "digits",
  method: "embedding",
  thumbnail: "scatter",
  options: () => ["tsne", "umap"].map((method) => ({ layer: "pixels", method })),
  corpus: "digits",
  arrays: ["points", "cells"],
};
