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
  { id: "glyphnet", judge: "glyphnet-b", sets: ON_SAMPLES },
];
