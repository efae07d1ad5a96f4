import type { Image } from "../image/image.ts";

/** What is known of an occlusion map before its first position. */
export interface OcclusionOutline<Shown = Image> {
  readonly rows: number;
  readonly columns: number;
  /** Side of the occluder and step, in pixels of the image. */
  readonly window: number;
  readonly stride: number;
  readonly target: { readonly index: number; readonly label: string };
  readonly score: "logit" | "probability";
  /** Whether more than the logit is measured at each position. */
  readonly measures: "all" | "logit";
  /** The scores without the occluder. */
  readonly unoccluded: {
    readonly logit: number;
    readonly probability: number;
    readonly topClass: number;
    readonly topProbability: number;
    readonly layerSum: number | null;
  };
  /** The layer whose strongest channel is followed; null for none. */
  readonly layer: { readonly name: string; readonly channel: number } | null;
  /** Names of the classes, in the order of the scores. */
  readonly labels: readonly string[];
  /** What the network looks at, and what the occluder shows in its place. */
  readonly image: Shown;
  readonly occluder: Shown;
}

/** The measures at some positions. */
export interface OcclusionScores {
  /** Which ones, counted row by row. They come in the order in which the map is refined. */
  readonly positions: readonly number[];
  readonly logit: readonly number[];
  /** This and the next two only where more than the logit is measured. */
  readonly probability?: readonly number[];
  readonly topClass?: readonly number[];
  readonly topProbability?: readonly number[];
  /** Total activation of the layer's channel; only where a layer is followed. */
  readonly layerSum?: readonly number[];
}

/** The outline with the first step of a map, scores with each further one. */
export type OcclusionUpdate =
  | { readonly outline: OcclusionOutline }
  | { readonly scores: OcclusionScores };
