import type { ScoreLink } from "../grad/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
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
  "region": (values, { channel, weights }) => {
    const derivative = new Float32Array(values.data.length);
    derivative.set(weights, channel * weights.length);
    return linear(values, derivative);
  },
  "similarity": ({ data }, { features }) => cosineOf(data, features.data),
  "sum": (values, { terms }) => {
    const derivative = new Float32Array(values.data.length);
    for (const term of terms) addTerm(derivative, values.dims, term);
    return linear(values, derivative);
  },
};

/** What the objective of the spec is, without a graph: of one input. */
export function evaluateScore(spec: ScoreSpec, values: Values): EvaluatedScore {
  const evaluate = EVALUATORS[spec.kind] as (values: Values, spec: ScoreSpec) => EvaluatedScore;
  return evaluate(values, spec);
}

function linear({ data }: Values, derivative: Float32Array): EvaluatedScore {
  // What does not count may be infinite, such as the score of a class that is ruled out.
  const add = (sum: number, weight: number, i: number) =>
    weight === 0 ? sum : sum + weight * data[i];
  return { value: derivative.reduce(add, 0), derivative };
}

function addTerm(derivative: Float32Array, dims: readonly number[], { weight, at }: Term): void {
  const [, channels, , width = 1] = dims;
  const positions = derivative.length / channels;
  const first = at.channel * positions;
  const place = at.row === undefined ? undefined : at.row * width + at.column!;
  for (let i = 0; i < positions; i++) {
    if (place === undefined || place === i) derivative[first + i] += weight;
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
  const dot = (p: Float32Array, q: Float32Array) =>
    p.reduce((sum, value, i) => sum + value * q[i], 0);
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
