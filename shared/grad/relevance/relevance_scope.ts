import type { GradientScope } from "../gradient_scope.ts";
import type { LayerRule } from "./relevance_rule.ts";

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
