import type { FigureSet, GalleryNetwork } from "./figure_set.ts";

const ON_SAMPLES: readonly FigureSet[] = [
  {
    id: "occlusion",
    technique: "occlusion",
    options: () => [{ window: 16, stride: 4 }],
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
