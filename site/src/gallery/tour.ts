import type { GalleryFigure } from "../../../shared/gallery/gallery_figure.ts";
import { figuresOf } from "./figures.ts";
import { networks } from "./networks.ts";
import { spread } from "../../../shared/tensor/stats.ts";

/** A part of the tour: a method, and a question that it answers. */
export interface TourStop {
  readonly method: string;
  readonly question: string;
  /** Figure set of the gallery. */
  readonly set: string;
  /** How many figures are shown side by side. */
  readonly count: number;
  /** Whether they are all of one image, which differs by the options. @default false */
  readonly isOneImage?: boolean;
  /** What the reader can run on the page. @default the method at its defaults */
  readonly runs?: readonly LiveRun[];
}

/** A run of the stop's method in the page. */
export interface LiveRun {
  /** What the button says. */
  readonly label: string;
  readonly options: Readonly<Record<string, string>>;
}

/** The tour in its order: from what is there to what can be made of it. */
export const TOUR: readonly TourStop[] = [
  { method: "patches", question: "Which patches activate a channel?", set: "patches", count: 2 },
  { method: "weights", question: "What do the first filters look like?", set: "weights", count: 1 },
  { method: "embedding", question: "Which images are alike?", set: "embedding", count: 3 },
  { method: "occlusion", question: "Which parts are needed?", set: "occlusion", count: 4 },
  { method: "activations", question: "Where does a layer respond?", set: "activations", count: 3 },
  {
    method: "gradient",
    question: "Which pixels matter?",
    set: "gradient",
    count: 4,
    isOneImage: true,
    runs: [
      { label: "Plain", options: { rule: "plain" } },
      { label: "Deconvnet", options: { rule: "deconvnet" } },
      { label: "Guided", options: { rule: "guided" } },
      { label: "SmoothGrad", options: { rule: "plain", samples: "16" } },
    ],
  },
  {
    method: "class-model",
    question: "What is a class?",
    set: "class-models",
    count: 8,
    runs: [
      { label: "From zero, with an L2 penalty", options: { recipe: "simonyan" } },
      { label: "In the Fourier basis", options: { recipe: "fourier-fast" } },
    ],
  },
  { method: "segment", question: "Where is the object?", set: "segment", count: 4 },
  {
    method: "neuron",
    question: "What does any unit look for?",
    set: "neurons",
    count: 8,
    runs: [
      { label: "With an L2 penalty", options: { recipe: "simonyan" } },
      { label: "With blur", options: { recipe: "yosinski-3" } },
      { label: "In the Fourier basis", options: { recipe: "fourier-fast" } },
    ],
  },
  {
    method: "inversion",
    question: "What does a layer keep?",
    set: "inversion",
    count: 3,
    runs: [{ label: "Invert", options: { restarts: "1" } }],
  },
  { method: "deep-dream", question: "What would a layer see more of?", set: "dreams", count: 3 },
  { method: "style", question: "What is left without the layout?", set: "style", count: 4 },
  { method: "adversarial", question: "How is it deceived?", set: "adversarial", count: 4 },
];

/** What the reader can run of a stop. */
export const runsOf = ({ runs }: TourStop): readonly LiveRun[] =>
  runs ?? [{ label: "Run it here", options: {} }];

/** Networks of photographs first: their figures are the ones to learn from. */
export const networksByInterest = () => networks().toSorted((a, b) => rankOf(a.id) - rankOf(b.id));

const INTEREST = ["googlenet-bvlc", "squeezenet1.1"];

function rankOf(id: string): number {
  const place = INTEREST.indexOf(id);
  return place < 0 ? INTEREST.length : place;
}

/** The figures of a stop, all of the first network that has some. */
export function tourFigures({ set, count, isOneImage }: TourStop): readonly GalleryFigure[] {
  for (const { id } of networksByInterest()) {
    const every = figuresOf(id, set);
    const image = every[0]?.recipe.inputs.image?.name;
    const all = isOneImage
      ? every.filter(({ recipe }) => recipe.inputs.image?.name === image)
      : every;
    if (all.length > 0) return spread(all, count);
  }
  return [];
}

/** What tells a figure from the others of its image; undefined where its subject does. */
export function tourCaption(
  { isOneImage }: TourStop,
  { recipe }: GalleryFigure,
): string | undefined {
  if (!isOneImage) return undefined;
  return Number(recipe.options.samples) > 1 ? "SmoothGrad" : String(recipe.options.rule);
}
