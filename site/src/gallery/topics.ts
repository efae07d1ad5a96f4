import samples from "../samples.json" with { type: "json" };
import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { figuresOf } from "./figures.ts";
import { methodTitle } from "./titles.ts";
import { networkOf } from "./networks.ts";
import { subjectOf, TOPICS } from "./subject.ts";

type Sample = (typeof samples)[number];

/** A page of a network about one method. */
export interface Topic {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
}

const ALL: readonly Topic[] = [
  {
    id: "attribution",
    title: "Attributions",
    lead: "The same image under every method that says which pixels matter. Guided " +
      "backpropagation and the deconvnet hardly change when the weights are randomised, so " +
      "their sharp edges say little about the network.",
  },
  {
    id: "inversion",
    title: "Inversion of every layer",
    lead: "What each layer still knows of an image: it is rebuilt from its features alone, " +
      "from several random restarts. What these share is what the features say.",
  },
  {
    id: "embedding",
    title: "Embedding map",
    lead: "Images laid out by their features: those that the network takes for alike are near.",
  },
  {
    id: "digits",
    title: "Digits by their pixels",
    lead: "MNIST laid out without a network: what the maps of features are to be compared with.",
  },
  {
    id: "dreams",
    title: "Dreams",
    lead: "Images changed so that a layer sees more and more of what it knows in them.",
  },
];

/** Those whose page is a map of images. */
export const MAP_TOPICS: readonly string[] = ["embedding", "digits"];

/** The topics that a network has figures of. */
export function topicsOf(model: string): readonly Topic[] {
  return ALL.filter(({ id }) => setsOf(id).some((set) => figuresOf(model, set).length > 0));
}

const setsOf = (topic: string) =>
  Object.entries(TOPICS).filter(([, id]) => id === topic).map(([set]) => set);

/** A figure in a group. */
export interface Shown {
  readonly figure: GalleryFigure;
  readonly caption: string;
}

/** Figures of one image, side by side. */
export interface TopicGroup {
  readonly name: string;
  /** The image itself, if the site has it. */
  readonly original?: Sample;
  readonly figures: readonly Shown[];
}

/** The figures of a topic, image by image. */
export function topicGroups(model: string, topic: string): TopicGroup[] {
  const all = setsOf(topic).flatMap((set) => figuresOf(model, set));
  const groups = Map.groupBy(all, ({ recipe }) => recipe.inputs.image?.name ?? "");
  return [...groups].map(([name, figures]) => ({
    name: name ? bareName(name) : "From noise",
    original: samples.find(({ file }) => file === addressOf(name)),
    figures: [...figures]
      .sort((a, b) => rankOf(a) - rankOf(b) || layerRankOf(a) - layerRankOf(b))
      .flatMap((figure) => [
        { figure, caption: captionOf(figure) },
      ]),
  }));
}

/** Methods in the order in which they are shown. */
const METHODS = [
  ...["occlusion", "cam", "plain", "smoothed", "integrated-gradients", "lrp", "guided"],
  ...["deconvnet", "segment", "adversarial"],
];

function methodOf({ recipe: { method, options } }: GalleryFigure): string {
  if (method !== "gradient") return method;
  return Number(options.samples) > 1 ? "smoothed" : String(options.rule);
}

/** Depth of the figure's layer. */
function layerRankOf(figure: GalleryFigure): number {
  const { layer } = subjectOf(figure);
  return networkOf(figure.recipe.model.id).layers.findIndex(({ alias }) => alias === layer);
}

/** Where the pages have an image that ships with the project. */
const addressOf = (name: string) =>
  name.replace("samples/", "/samples/glyphs/").replace("drawings/", "/samples/scenes/");

/** `samples/street_at_night.png` is "street at night". */
const bareName = (path: string) =>
  path.split("/").at(-1)!.replace(/\.\w+$/, "").replaceAll("_", " ");

const rankOf = (figure: GalleryFigure) => METHODS.indexOf(methodOf(figure));

function captionOf(figure: GalleryFigure): string {
  const { method, options, inputs } = figure.recipe;
  if (method === "gradient") return `Gradient, ${methodOf(figure)}`;
  if (inputs.guide) return `${methodTitle(method)} of ${bareName(inputs.guide.name)}`;
  const layer = options.layer === "auto" ? undefined : subjectOf(figure).layer;
  return layer ? `${methodTitle(method)}, ${layer}` : methodTitle(method);
}
