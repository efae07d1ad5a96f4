import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { layerOf, networkOf } from "./networks.ts";
import { classPath, layerPath, networkPath, topicPath, unitPath } from "./paths.ts";

/** What a figure is an image of. */
export interface Subject {
  /** For a caption: "flamingo", "conv3, unit 17". */
  readonly name: string;
  /** For somebody who does not see it; a sentence without its full stop. */
  readonly alt: string;
  /** The page that shows it among its kind. */
  readonly page: string;
  readonly classIndex?: number;
  /** Alias of the layer. */
  readonly layer?: string;
  readonly channel?: number;
}

/** What the image that a figure was made from is called; undefined where there was none. */
export const sampleOf = (figure: GalleryFigure): string | undefined => {
  const { image } = figure.recipe.inputs;
  return image?.name.split("/").at(-1)?.replace(/\.\w+$/, "").replaceAll("_", " ");
};

/** The beginnings of sentences about what a method shows. */
const SENTENCES: Readonly<Record<string, string>> = {
  "activations": "Channels of a layer",
  "adversarial": "The image, and the small change that fools the network",
  "attention": "Positions that a transformer attends to",
  "cam": "Positions of a layer that support the class",
  "class-model": "Synthetic image that the network takes for",
  "classify": "The most probable classes",
  "deep-dream": "A dream: the image changed so that a layer responds more",
  "embedding": "Map of many images by their features in a layer",
  "gradient": "How the score changes with each pixel",
  "integrated-gradients": "What each pixel adds to the score",
  "inversion": "Images rebuilt from the features of layers",
  "lrp": "Where in the image the score comes from",
  "neuron": "Synthetic image that activates",
  "occlusion": "Map of where hiding a part changes the score",
  "patches": "Parts of images that activate units most",
  "segment": "The object cut out of the image",
  "similarity": "Positions of a layer by their features",
  "style": "The content of one image in the style of another",
  "weights": "Kernels of a layer as images",
};

/** Says what a figure shows, from its recipe and measures. */
export function subjectOf(figure: GalleryFigure): Subject {
  const { recipe } = figure;
  const network = networkOf(recipe.model.id);
  const begin = SENTENCES[recipe.method] ?? recipe.method;
  const text = (name: string) => {
    const value = recipe.options[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  if (recipe.method === "class-model") {
    const classIndex = classOf(figure, network.labels);
    const name = network.labels[classIndex];
    const page = classPath(network.id, classIndex);
    return { name, alt: `${begin} “${name}”`, page, classIndex };
  }
  const unit = text("unit");
  if (unit !== undefined) {
    const [, layerName, channel, last] = /^(.+?):(\d+)(?:-(\d+))?/.exec(unit) ?? [];
    const layer = layerOf(network, layerName)?.alias ?? layerName;
    if (last !== undefined) {
      const name = `${layer}, units ${channel} to ${last}`;
      return {
        name,
        alt: `Synthetic images that activate ${name}`,
        page: layerPath(network.id, layer),
        layer,
      };
    }
    const name = `${layer}, unit ${channel}`;
    const page = unitPath(network.id, layer, Number(channel));
    return { name, alt: `${begin} ${name}`, page, layer, channel: Number(channel) };
  }
  const sample = sampleOf(figure);
  const layerName = text("layer");
  const layer = layerName === "all"
    ? "every layer"
    : layerName && (layerOf(network, layerName)?.alias ?? layerName);
  const name = [sample, layer].filter((part) => part && part !== "auto").join(", ") ||
    network.title;
  return {
    name,
    alt: `${begin}: ${name}`,
    page: TOPICS[figure.set]
      ? topicPath(network.id, TOPICS[figure.set])
      : layer && layerOf(network, layer)
      ? layerPath(network.id, layer)
      : networkPath(network.id),
    layer,
  };
}

/** The page of a network that shows all figures of a set. */
export const TOPICS: Readonly<Record<string, string>> = {
  "occlusion": "attribution",
  "gradient": "attribution",
  "cam": "attribution",
  "integrated-gradients": "attribution",
  "lrp": "attribution",
  "segment": "attribution",
  "adversarial": "attribution",
  "inversion": "inversion",
  "embedding": "embedding",
  "digits": "digits",
  "dreams": "dreams",
  "style": "dreams",
};

/** Index of the class that a figure is of: options name it by index or by a part of its label. */
export function classOf({ recipe, measures }: GalleryFigure, labels: readonly string[]): number {
  const { target } = recipe.options;
  const measured = measures.targetIndex ?? measures.index;
  if (typeof measured === "number") return measured;
  if (/^\d+$/.test(String(target))) return Number(target);
  const exact = labels.indexOf(String(target));
  const near = labels.findIndex((label) => label.includes(String(target)));
  return exact >= 0 ? exact : near;
}
