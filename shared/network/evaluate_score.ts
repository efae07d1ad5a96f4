import type { ScoreLink } from "../grad/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import type { ScoreSpec, ScoreTarget, Term } from "./score_target.ts";
import { InputError } from "../errors.ts";

/** A score, and its derivative by each element of the tensor that it is made of. */
export interface EvaluatedScore {
  readonly value: number;
  readonly derivative: Float32Array;
}

type Values = Pick<Tensor<"float32">, "data" | "dims">;

type Evaluators = {
  readonly [Kind in ScoreSpec["kind"]]: (
    values: Values,
    spec: Extract<ScoreSpec, { readonly kind: Kind }>,
  ) => EvaluatedScore;
};

const EVALUATORS: Evaluators = {
  "energy": ({ data }) => ({
    value: data.reduce((sum, value) => sum + value * value / 2, 0),
    derivative: data.slice(),
  }),
  "log-probability": ({ data }, { index, link }) => logProbabilityOf(data, index, link),
  "region": linear,
  "similarity": ({ data }, { features }) => cosineOf(data, features.data),
  "sum": linear,
};

/** What the objective of the spec is, without a graph: of one input. */
export function evaluateScore(spec: ScoreSpec, values: Values): EvaluatedScore {
  const evaluate = EVALUATORS[spec.kind] as (values: Values, spec: ScoreSpec) => EvaluatedScore;
  return evaluate(values, spec);
}

/** A score that is a weighted sum of its layer. */
export type LinearSpec = Extract<ScoreSpec, { readonly kind: "region" | "sum" }>;

export const isLinear = (spec: ScoreSpec): spec is LinearSpec =>
  spec.kind === "region" || spec.kind === "sum";

function linear(values: Values, spec: LinearSpec): EvaluatedScore {
  const derivative = linearWeights(spec, values.dims);
  return { value: dot(derivative, values.data), derivative };
}

/** What a linear score multiplies each element of its layer with. */
export function linearWeights(
  spec: LinearSpec,
  dims: readonly number[],
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(elementCount(dims));
  if (spec.kind === "region") weights.set(spec.weights, spec.channel * spec.weights.length);
  else for (const term of spec.terms) addTerm(weights, dims, term);
  return weights;
}

/** What does not count may be infinite, such as the score of a class that is ruled out. */
export const dot = (weights: Float32Array, data: Float32Array): number =>
  weights.reduce((sum, weight, i) => weight === 0 ? sum : sum + weight * data[i], 0);

/** Of a layer [N, C, h, w, ...]: of all of a batch, and all that lies behind a position. */
function addTerm(weights: Float32Array, dims: readonly number[], { weight, at }: Term): void {
  const [batch, channels, height = 1, width = 1, ...rest] = dims;
  const depth = elementCount(rest);
  const placesOf = (place: number | undefined, extent: number) =>
    place === undefined ? [...Array(extent).keys()] : [place];
  const [rows, columns] = [placesOf(at.row, height), placesOf(at.column, width)];
  for (let image = 0; image < batch; image++) {
    for (const row of rows) {
      for (const column of columns) {
        const place = ((image * channels + at.channel) * height + row) * width + column;
        for (let i = 0; i < depth; i++) weights[place * depth + i] += weight;
      }
    }
  }
}

function logProbabilityOf(logits: Float32Array, index: number, link: ScoreLink): EvaluatedScore {
  const derivative = new Float32Array(logits.length);
  if (link === "none") {
    derivative[index] = 1 / logits[index];
    return { value: Math.log(logits[index]), derivative };
  }
  if (link === "sigmoid") {
    const power = Math.exp(-logits[index]);
    derivative[index] = power / (1 + power);
    return { value: -Math.log1p(power), derivative };
  }
  const peak = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - peak));
  const sum = powers.reduce((a, b) => a + b, 0);
  powers.forEach((power, i) => derivative[i] = -power / sum);
  // 1 - p of a sure class would round to nothing; the sum of the others does not.
  const others = powers.reduce((rest, power, i) => i === index ? rest : rest + power, 0);
  derivative[index] = others / sum;
  return { value: logits[index] - peak - Math.log(sum), derivative };
}

function cosineOf(a: Float32Array, b: Float32Array): EvaluatedScore {
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  const value = dot(a, b) / (lengthA * lengthB);
  return {
    value,
    derivative: b.map((one, i) => (one / lengthB - value * a[i] / lengthA) / lengthA),
  };
}

/** What of a score tells why its gradient may be 0. */
type FlatTarget = Pick<ScoreTarget, "label" | "quantity"> & { readonly spec?: { kind: string } };

/**
 * Why a map would be empty: the gradient of a score is 0 everywhere.
 *
 * @param verb What cannot be done: "map", "attribute".
 * @param by What is differentiated by: "the image", a layer's name in quotes.
 */
export function flatScore(
  { label, quantity, spec }: FlatTarget,
  verb: string,
  by: string,
): InputError {
  const hint = spec?.kind === "log-probability"
    ? "the probability is saturated; take the logit (--score logit)"
    : quantity === "probability"
    ? "the probability is saturated; name the logits before it as the network's output"
    : "it is saturated, or rectifiers on the way are dead; where the scores are probabilities, " +
      "name the logits before them as the network's output";
  return new InputError(
    `Cannot ${verb} ${label}: the gradient of its ${quantity} by ${by} is 0 everywhere, expected ` +
      `one that is not: ${hint}`,
  );
}
