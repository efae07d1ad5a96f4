import type { ScoreLink } from "../../grad/mod.ts";

/** A score of a class, and its derivative by each logit. */
export interface ClassScore {
  readonly value: number;
  readonly byLogit: Float32Array;
}

/** The logit, or the logarithm of the probability, of a class. */
export function classScore(
  logits: Float32Array,
  index: number,
  quantity: "logit" | "log-probability",
  link: ScoreLink,
): ClassScore {
  const byLogit = new Float32Array(logits.length);
  if (quantity === "logit") {
    byLogit[index] = 1;
    return { value: logits[index], byLogit };
  }
  if (link === "sigmoid") {
    const power = Math.exp(-logits[index]);
    byLogit[index] = power / (1 + power);
    return { value: -Math.log1p(power), byLogit };
  }
  const peak = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - peak));
  const sum = powers.reduce((a, b) => a + b, 0);
  powers.forEach((power, i) => byLogit[i] = -power / sum);
  // 1 - p of a sure class would round to nothing; the sum of the others does not.
  const others = powers.reduce((rest, power, i) => i === index ? rest : rest + power, 0);
  byLogit[index] = others / sum;
  return { value: logits[index] - peak - Math.log(sum), byLogit };
}
