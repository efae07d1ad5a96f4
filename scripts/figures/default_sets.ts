import type { FigureSet, LayerOutline, NetworkOutline } from "./figure_set.ts";

/** At most; spread over all of them. */
const MOST_CLASSES = 12;
const MOST_LAYERS = 5;
const MOST_IMAGES = 4;

/** Units of each layer that are shown. */
const UNITS = 4;

/** Side of the occluder, as a share of the input's shorter one. */
const WINDOW = 1 / 6;

/**
 * Figures that make sense of any network: classes, units of its main layers, weights, dreams, and
 * attributions of images.
 *
 * @param images What attributions are made of: drawn samples, or the folder of `--images`.
 */
export function defaultSets(
  network: NetworkOutline,
  images: "samples" | "images",
): readonly FigureSet[] {
  const hasClasses = network.labels.length > 0;
  const layers = mainLayers(network.layers);
  return [
    ...hasClasses ? [CLASSES] : [],
    ...layers.length > 0 ? [units(layers), dreams(layers)] : [],
    ...network.hasWeights ? [WEIGHTS] : [],
    ...hasClasses ? attributions(network, images) : [],
  ];
}

/** Steps of an image that is made: large networks take a second for three. */
const STEPS = 128;

const CLASSES: FigureSet = {
  id: "class-models",
  method: "class-model",
  options: ({ labels }) =>
    spread(labels.map((_, target) => target), MOST_CLASSES).map((target) => ({
      target,
      recipe: "fourier",
      steps: STEPS,
    })),
  imageNames: ["class-model"],
  figureNames: [],
};

const WEIGHTS: FigureSet = {
  id: "weights",
  method: "weights",
  options: () => [{ layer: "auto" }],
  thumbnail: "weights",
  imageNames: [],
  isLossless: true,
};

const units = (layers: readonly LayerOutline[]): FigureSet => ({
  id: "neurons",
  method: "neuron",
  options: () =>
    Array.from({ length: UNITS }, (_, channel) => channel).flatMap((channel) =>
      layers.filter(({ channels }) => channel < channels)
        .map(({ alias }) => ({ unit: `${alias}:${channel}`, steps: STEPS }))
    ),
  imageNames: ["neuron"],
  figureNames: [],
});

const dreams = (layers: readonly LayerOutline[]): FigureSet => ({
  id: "dreams",
  method: "deep-dream",
  options: () => layers.slice(1).map(({ alias }) => ({ layer: alias, enlarge: 2 })),
  figureNames: [],
});

function attributions(
  { input: { height, width } }: NetworkOutline,
  images: "samples" | "images",
): FigureSet[] {
  const window = Math.max(1, Math.round(Math.min(height, width) * WINDOW));
  const shared = { images, mostImages: MOST_IMAGES };
  return [
    {
      id: "occlusion",
      method: "occlusion",
      options: () => [{ window, stride: Math.max(1, Math.round(window / 2)) }],
      thumbnail: "overlay",
      ...shared,
    },
    {
      id: "gradient",
      method: "gradient",
      options: () => [{ rule: "plain" }, { rule: "guided" }],
      thumbnail: "max-over-channels",
      ...shared,
    },
    {
      id: "integrated-gradients",
      method: "integrated-gradients",
      options: () => [{}],
      thumbnail: "attribution",
      ...shared,
    },
    { id: "cam", method: "cam", options: () => [{}], thumbnail: "overlay", ...shared },
  ];
}

/**
 * Layers that stand for the network: the last one of each size, or where the size hardly changes,
 * layers at even steps.
 */
export function mainLayers(layers: readonly LayerOutline[]): readonly LayerOutline[] {
  const maps = layers.filter(({ height, width }) => height * width > 1);
  const area = (layer?: LayerOutline) => layer && layer.height * layer.width;
  const lasts = maps.filter((layer, i) => area(layer) !== area(maps[i + 1]));
  return spread(lasts.length >= Math.min(3, maps.length) ? lasts : maps, MOST_LAYERS);
}

/** At most `count` of a list, at even steps, the last one among them. */
export function spread<Item>(list: readonly Item[], count: number): readonly Item[] {
  if (list.length <= count) return list;
  return Array.from(
    { length: count },
    (_, i) => list[Math.ceil((i + 1) * list.length / count) - 1],
  );
}
