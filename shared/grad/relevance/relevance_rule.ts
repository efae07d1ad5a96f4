import type { GradientScope } from "../gradient_scope.ts";

/**
 * How relevance is handed on through weights.
 *
 * - `epsilon`: in proportion to x w, over a sum that is kept from 0.
 * - `zplus`: in proportion to those x w that are positive.
 * - `gamma`: as epsilon, with what has the sign of the sum raised by 1 + gamma.
 * - `composite`: each layer by what it is: `flat` at the first, epsilon at dense layers and at the
 *   classifier, zplus at other convolutions.
 *
 * @see Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise
 * Relevance Propagation", PLOS ONE 2015 (epsilon)
 * @see Montavon et al., "Layer-Wise Relevance Propagation: An Overview", 2019 (the others)
 */
export const RELEVANCE_RULES = ["composite", "epsilon", "zplus", "gamma"] as const;

export type RelevanceRuleName = typeof RELEVANCE_RULES[number];

/** What a layer with weights can do; `flat` hands on the same to all that it reads. */
export type LayerRule = Exclude<RelevanceRuleName, "composite"> | "flat";

export interface RelevanceSettings {
  readonly rule: RelevanceRuleName;
  /** Added to sums, with their sign, by the rules epsilon and gamma. @default 1e-6 */
  readonly epsilon?: number;
  /** Of the rule gamma. @default 0.25 */
  readonly gamma?: number;
  /** Whether biases take their share of relevance, which is lost to the image. @default true */
  readonly biases?: boolean;
}

/** What a relevance rule sees of its node: `dy` is the relevance of an output. */
export interface RelevanceScope extends GradientScope {
  readonly epsilon: number;
  readonly gamma: number;
  /** Whether biases take their share. */
  readonly hasBiases: boolean;
  /** Which rule a node with weights follows. */
  layerRule(): LayerRule;
  /** Whether weights are still to come on every way to the image: what is here only scales it. */
  readonly isBeforeWeights: boolean;
  /** Whether a value cannot be negative. */
  isNonNegative(value: string): boolean;
  /** Whether a value is bounded by a squashing function: a gate of what it is multiplied with. */
  isGate(value: string): boolean;
}

/**
 * The relevances of a node's inputs, one value name each, or null where there is none.
 *
 * Relevance may keep the shape that an input was broadcast to; the driver sums it.
 */
export type RelevanceRule = (scope: RelevanceScope) => readonly (string | null)[];
