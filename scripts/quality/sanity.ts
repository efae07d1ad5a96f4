import { runMethod } from "../../shared/contract/run_method.ts";
import { RELU_RULES } from "../../shared/grad/mod.ts";
import { gradient, gradientOptions } from "../../shared/methods/gradient/mod.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor } from "./scenes_for.ts";

/** A row of the method's measure. */
interface Stage {
  readonly layer: string;
  /** Rank correlation of the absolute values. */
  readonly sizes: number;
}

/** How much of a gradient stays when the weights that it should depend on are randomised. */
export const sanity: QualityPart = {
  name: "sanity",
  summary: "The sanity check: rank correlation of the gradient's sizes with those of the network " +
    "whose weights are randomised from the scores down to a layer. What stays near 1 does not show " +
    "what the network has learned.",
  scenes: 20,
  async run(network, count, signal) {
    const sums = new Map<string, number[]>();
    for await (const { input, main: { classIndex } } of scenesFor(network, count)) {
      for (const [i, rule] of RELU_RULES.entries()) {
        const options = gradientOptions.parse({ target: `${classIndex}`, rule, sanity: true });
        const { measures } = await runMethod(gradient, network, { image: input }, options, {
          signal,
        });
        for (const { layer, sizes } of measures.sanity as unknown as readonly Stage[]) {
          const row = sums.get(layer) ?? RELU_RULES.map(() => 0);
          row[i] += sizes;
          sums.set(layer, row);
        }
      }
    }
    return [...sums].map(([layer, row]) => ({
      "randomised down to": layer,
      ...Object.fromEntries(RELU_RULES.map((rule, i) => [rule, (row[i] / count).toFixed(3)])),
    }));
  },
};
