import samples from "../samples.json" with { type: "json" };
import type { Figure } from "../../../shared/figures/figure.ts";
import { figuresOf } from "./figures.ts";
import { titleOf } from "./measures.ts";
import { networkOf } from "./networks.ts";
import { subjectOf, TOPICS } from "./subject.ts";

type Sample = (typeof samples)[number];

/** A page of a network about one way to look. */
export interface Topic {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
}

const ALL: readonly Topic[] = [
  {
    id: "attribution",
    title: "What it looks at",
    lead: "The same picture under every method that says which pixels matter. Guided " +
      "backpropagation and the deconvnet hardly change when the weights are drawn at random, so " +
      "their sharp edges say little about the network.",
  },
  {
    id: "inversion",
    title: "The inversion ladder",
    lead: "What each layer still knows of a picture: it is rebuilt from the layer's code alone, " +
      "from several random starts. What these share is what the code says.",
  },
  {
    id: "embedding",
    title: "Map of codes",
    lead: "Pictures laid out by their codes: those that the network takes for alike are near.",
  },
  {
    id: "dreams",
    title: "Dreams",
    lead: "Pictures changed so that a layer sees more and more of what it knows in them.",
  },
];

/** The topics that a network has figures of. */
export function topicsOf(model: string): readonly Topic[] {
  return ALL.filter(({ id }) => setsOf(id).some((set) => figuresOf(model, set).length > 0));
}

const setsOf = (topic: string) =>
  Object.entries(TOPICS).filter(([, id]) => id === topic).map(([set]) => set);

/** A figure, or one picture of it, in a group. */
export interface Shown {
  readonly figure: Figure;
  readonly caption: string;
  readonly picture?: string;
}

/** Figures of one picture, side by side. */
export interface TopicGroup {
  readonly name: string;
  /** The picture itself, if the site has it. */
  readonly original?: Sample;
  readonly figures: readonly Shown[];
}

/** The figures of a topic, picture by picture. */
export function topicGroups(model: string, topic: string): TopicGroup[] {
  const all = setsOf(topic).flatMap((set) => figuresOf(model, set));
  const groups = Map.groupBy(all, ({ recipe }) => recipe.inputs.picture?.name ?? "");
  return [...groups].map(([name, figures]) => ({
    name: name ? bareName(name) : "From noise",
    original: samples.find(({ file }) => file === name.replace("samples/", "/samples/glyphs/")),
    figures: [...figures]
      .sort((a, b) => rankOf(a) - rankOf(b) || layerRankOf(a) - layerRankOf(b))
      .flatMap((figure) => [
        { figure, caption: captionOf(figure), picture: BARE[figure.recipe.technique] },
        ...figure.pictures.sanity
          ? [{ figure, caption: `${captionOf(figure)}, weights at random`, picture: "sanity" }]
          : [],
      ]),
  }));
}

/** The picture without title and legend, where it is not the first: for a row of many. */
const BARE: Readonly<Record<string, string>> = { occlusion: "overlay" };

/** Methods in the order in which they are shown. */
const METHODS = ["occlusion", "plain", "smoothed", "guided", "deconvnet", "segment", "adversarial"];

function methodOf({ recipe: { technique, options } }: Figure): string {
  if (technique !== "gradient") return technique;
  return Number(options.samples) > 1 ? "smoothed" : String(options.rule);
}

/** Place of the figure's layer on the ladder. */
function layerRankOf(figure: Figure): number {
  const { layer } = subjectOf(figure);
  return networkOf(figure.recipe.model.id).layers.findIndex(({ alias }) => alias === layer);
}

/** `samples/street_at_night.png` is "street at night". */
const bareName = (path: string) =>
  path.split("/").at(-1)!.replace(/\.\w+$/, "").replaceAll("_", " ");

const rankOf = (figure: Figure) => METHODS.indexOf(methodOf(figure));

function captionOf(figure: Figure): string {
  const { technique, options, inputs } = figure.recipe;
  if (technique === "gradient") return `Gradient, ${methodOf(figure)}`;
  if (inputs.guide) return `${titleOf(technique)} of ${bareName(inputs.guide.name)}`;
  const layer = options.layer === "auto" ? undefined : subjectOf(figure).layer;
  return layer ? `${titleOf(technique)}, ${layer}` : titleOf(technique);
}
