import {
  cosine,
  energy,
  logProbability,
  type Objective,
  type ScoreLink,
  unit,
  type UnitPosition,
  weightedChannel,
  weightedSum,
} from "../grad/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";

/** One of the values that a target adds up. */
export interface Term {
  readonly weight: number;
  readonly at: UnitPosition;
}

/** What of a layer is explained, as plain data. */
export type ScoreSpec =
  | { readonly kind: "sum"; readonly terms: readonly Term[] }
  | {
    readonly kind: "region";
    readonly channel: number;
    /** Of each position, [h, w]. */
    readonly weights: Float32Array;
  }
  | { readonly kind: "energy" }
  | { readonly kind: "log-probability"; readonly index: number; readonly link: ScoreLink }
  | { readonly kind: "similarity"; readonly features: Tensor<"float32"> };

/** A number that a network makes of an image, and what it is called. */
export interface ScoreTarget {
  readonly spec: ScoreSpec;
  /** The tensor that it is made of. */
  readonly layer: string;
  /** For a person: "tabby, tabby cat", "inception_4c/output:17", "cup - bowl". */
  readonly label: string;
  /** Of the class, where it is one. */
  readonly index?: number;
  /** For a person: "logit", "activation", "energy". */
  readonly quantity: string;
}

type Objectives = {
  readonly [Kind in ScoreSpec["kind"]]: (
    layer: string,
    spec: Extract<ScoreSpec, { readonly kind: Kind }>,
  ) => Objective;
};

const OBJECTIVES: Objectives = {
  "energy": energy,
  "log-probability": (layer, { index, link }) => logProbability(layer, index, link),
  "region": (layer, { channel, weights }) => weightedChannel(layer, channel, weights),
  "similarity": (layer, { features }) => cosine(layer, features),
  "sum": (layer, { terms: [first, ...others] }) =>
    others.length === 0 && first.weight === 1
      ? unit(layer, first.at)
      : weightedSum([first, ...others].map(({ weight, at }) => [weight, unit(layer, at)])),
};

/** The target as a scalar of the graph, to be differentiated. */
export function objectiveOf({ spec, layer }: Pick<ScoreTarget, "spec" | "layer">): Objective {
  const make = OBJECTIVES[spec.kind] as (layer: string, spec: ScoreSpec) => Objective;
  return make(layer, spec);
}

type Tests = {
  readonly [Kind in ScoreSpec["kind"]]: (
    spec: Extract<ScoreSpec, { readonly kind: Kind }>,
  ) => boolean;
};

const TESTS: Tests = {
  "energy": () => false,
  "log-probability": () => false,
  "region": ({ weights }) => weights.some((weight) => weight !== weights[0]),
  "similarity": ({ features: { dims } }) => elementCount(dims.slice(2)) > 1,
  "sum": ({ terms }) => terms.some(({ at }) => at.row !== undefined),
};

/** Whether a target is about certain places of the image, which move with it. */
export function isPlacedTarget(spec: ScoreSpec): boolean {
  const test = TESTS[spec.kind] as (spec: ScoreSpec) => boolean;
  return test(spec);
}
