import type { FigureSet, GalleryNetwork } from "./figure_set.ts";

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
      { rule: "plain" },
      { rule: "plain", samples: 25, noise: 0.15 },
      { rule: "guided" },
      { rule: "deconvnet" },
    ],
    pictures: "samples",
  },
  {
    id: "activations",
    technique: "activations",
    options: () => ["relu1", "relu2", "relu5"].map((layer) => ({ layer })),
    pictures: "samples",
  },
];

/** Every figure of the gallery. */
export const GALLERY: readonly GalleryNetwork[] = [
  {
    id: "glyphnet",
    judge: "glyphnet-b",
    unitLayers: ["conv1", "conv2", "conv3", "conv4", "conv5"],
    sets: ON_SAMPLES,
  },
];
