import type { FigureSet, GalleryNetwork, NetworkOutline } from "./figure_set.ts";
import { drawingSets } from "./drawing_sets.ts";
import { CONVOLUTIONS, ON_DIGITS, ON_SAMPLES, ON_SCENES } from "./sample_sets.ts";
import { classModels, dreams, neurons, perLayer, unitSheets } from "./synthesis_sets.ts";

/** ImageNet classes that the papers show, and some that are easy to recognise. */
const SHOWN = [
  ...["dumbbell", "cup", "dalmatian", "goose", "flamingo", "pelican", "bell pepper", "lemon"],
  ...["Siberian husky", "washing machine", "computer keyboard", "kit fox", "ostrich", "limousine"],
  ...["pirate", "volcano", "strawberry", "acoustic guitar", "monarch", "jellyfish"],
];

/** ImageNet's dog breeds, from Chihuahua to Mexican hairless. */
const DOGS = Array.from({ length: 118 }, (_, i) => 151 + i);

/** A tenth of all classes, from everywhere. */
const TENTH = Array.from({ length: 100 }, (_, i) => 10 * i);

const shownClasses = (network: NetworkOutline): readonly number[] =>
  SHOWN.map((text) => classIndex(text, network));

/** The class that has the text among its names. */
function classIndex(text: string, { labels, id }: NetworkOutline): number {
  const index = labels.findIndex((label) => label.split(", ").includes(text));
  if (index >= 0) return index;
  throw new RangeError(`Cannot plan the gallery: ${id} has no class "${text}"`);
}

/**
 * glyphnet's gradients at the start are a few times smaller than GoogLeNet's, and its images have
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

/** For networks of photographs: figures of the maintainer's own folder, which stay there. */
const ON_IMAGES = (layers: readonly string[]): readonly FigureSet[] => [
  {
    id: "occlusion",
    method: "occlusion",
    options: () => [{ window: 40, stride: 16 }],
    images: "images",
    thumbnail: "overlay",
  },
  {
    id: "gradient",
    method: "gradient",
    thumbnail: "max-over-channels",
    options: () => ["plain", "guided", "deconvnet"].map((rule) => ({ rule })),
    images: "images",
  },
  {
    id: "patches",
    method: "patches",
    figureNames: ["top"],
    options: () => layers.map((layer) => ({ layer, channels: "0-31" })),
    corpus: "images",
  },
];

const GOOGLENET_LAYERS = ["conv2", "inception_3b", "inception_4a", "inception_4c", "inception_4e"];

/** Those whose every channel is shown, in the order in which they are made. */
const GOOGLENET_UNITS = [
  ...["conv1", "conv2", "inception_3a", "inception_3b", "inception_4a", "inception_4b"],
  ...["inception_4c", "inception_4d", "inception_4e"],
];

const SQUEEZENET_UNITS = [
  ...["relu_conv1", "fire2", "fire3", "fire4", "fire5", "fire6", "fire7", "fire8", "fire9"],
];

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
      ON_DIGITS,
      dreams(["relu2", "relu3", "relu4", "relu5"], 3),
    ],
  },
  {
    id: "googlenet-bvlc",
    judge: "mobilenetv2-1.0-224",
    unitLayers: GOOGLENET_UNITS,
    sets: [
      classModels(
        [QUICK],
        (network) => [...new Set([...shownClasses(network), ...DOGS, ...TENTH])],
      ),
      neurons(GOOGLENET_LAYERS, 4, 96),
      unitSheets(GOOGLENET_UNITS, "depth"),
      { ...perLayer("weights", "weights", ["conv1"]), isLossless: true },
      dreams(["inception_3b", "inception_4c", "inception_4e"], 2),
      ...drawingSets(
        ["monarch", "lighthouse", "jack_o_lantern", "acoustic_guitar", "umbrella", "bell_pepper"],
        {
          dreamt: ["inception_3b", "inception_4c"],
          cam: "inception_5b",
          inverted: ["pool5", "fc", "inception_5b"],
          attacked: ["monarch"],
        },
      ),
      ...ON_IMAGES(GOOGLENET_LAYERS),
    ],
  },
  {
    id: "squeezenet1.1",
    judge: "mobilenetv2-1.0-224",
    unitLayers: SQUEEZENET_UNITS,
    sets: [
      classModels([QUICK], shownClasses),
      unitSheets(SQUEEZENET_UNITS, "breadth"),
      { ...perLayer("weights", "weights", ["auto"]), isLossless: true },
      dreams(["fire5", "fire8"], 2),
      ...drawingSets(
        [
          "monarch",
          "lighthouse",
          "jack_o_lantern",
          "acoustic_guitar",
          "soccer_ball",
          "tennis_ball",
        ],
        {
          dreamt: ["fire5", "fire8"],
          cam: "fire9",
          inverted: ["logits"],
          attacked: ["monarch", "lighthouse", "jack_o_lantern", "acoustic_guitar"],
        },
      ),
    ],
  },
  {
    id: "mobilenetv2-1.0-224",
    judge: "googlenet-bvlc",
    unitLayers: [],
    sets: [
      classModels([QUICK], shownClasses),
      { ...perLayer("weights", "weights", ["auto"]), isLossless: true },
    ],
  },
];
