import type { FigureSet } from "./figure_set.ts";

/** Of the drawn scenes, by their names. */
const drawn = (...names: readonly string[]) => ({
  images: "drawings" as const,
  chosen: names.map((name) => `${name}.webp`),
});

/** Scenes of the methods whose figures are large. */
const FEW = 4;

/**
 * For networks of photographs: drawn scenes, which they recognise.
 *
 * @param names Scenes of attributions.
 * @param dreamt Layers that dream into a sky.
 * @param cam Layer of the class activation map.
 * @param inverted Layers whose inversions are shown from four restarts, beside one of every layer.
 * @param attacked Scenes that adversarial images are made of; one takes minutes.
 */
export const drawingSets = (
  names: readonly string[],
  { dreamt, cam, attacked, inverted }: {
    readonly dreamt: readonly string[];
    readonly cam: string;
    readonly attacked: readonly string[];
    readonly inverted: readonly string[];
  },
): readonly FigureSet[] => [
  {
    id: "occlusion",
    method: "occlusion",
    options: () => [{ window: 40, stride: 16 }],
    ...drawn(...names),
    thumbnail: "overlay",
  },
  {
    id: "gradient",
    method: "gradient",
    thumbnail: "max-over-channels",
    options: () => ["plain", "guided", "deconvnet"].map((rule) => ({ rule })),
    ...drawn(...names.slice(1, FEW)),
  },
  {
    id: "gradient",
    method: "gradient",
    thumbnail: "max-over-channels",
    options: () => ["plain", "guided", "deconvnet"].map((rule) => ({ rule, sanity: true })),
    ...drawn(names[0]),
  },
  {
    id: "cam",
    method: "cam",
    options: () => [{ layer: cam }],
    ...drawn(...names),
    thumbnail: "overlay",
  },
  {
    id: "integrated-gradients",
    method: "integrated-gradients",
    options: () => [{}],
    ...drawn(...names.slice(0, FEW)),
    thumbnail: "attribution",
  },
  {
    id: "segment",
    method: "segment",
    options: () => [{}],
    ...drawn(...names.slice(0, FEW)),
    thumbnail: "segment",
    imageNames: [],
  },
  {
    id: "adversarial",
    method: "adversarial",
    options: () => [{}],
    ...drawn(...attacked),
  },
  {
    id: "inversion",
    method: "inversion",
    options: () => inverted.map((layer) => ({ layer, restarts: 4 })),
    ...drawn(...names.slice(0, 2)),
    thumbnail: "original",
    imageNames: [],
  },
  {
    id: "inversion",
    method: "inversion",
    options: () => [{ layer: "all", restarts: 1 }],
    ...drawn(names[0]),
    thumbnail: "original",
    imageNames: [],
  },
  {
    id: "dreams",
    method: "deep-dream",
    options: () => dreamt.map((layer) => ({ layer, octaves: 4, iterations: 12 })),
    ...drawn("cumulus_sky"),
    figureNames: [],
  },
  {
    id: "style",
    method: "style",
    options: () => [{ side: 256, steps: 120 }],
    ...drawn("lighthouse"),
    guides: ["evening_sky.webp"],
  },
];
