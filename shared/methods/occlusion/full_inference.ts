import { scoresIn, scoreTensors } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";
import { sumOfChannel } from "./channel_sums.ts";
import type { Window } from "./grid.ts";
import {
  batchOf,
  type Inference,
  inGroups,
  type OcclusionInputs,
  onlyLogit,
  valuesOf,
} from "./inference.ts";
import { occluded } from "./occluded.ts";
import type { OcclusionJob } from "./plan.ts";

/** Runs the whole network at each position. */
export function fullInference(
  network: Network,
  { target, layer, measures }: OcclusionJob,
  windows: readonly Window[],
  { input, shown }: OcclusionInputs,
): Inference {
  const outputs = [...scoreTensors(network), ...layer === null ? [] : [layer.tensor]];
  return {
    groups: (positions) => inGroups(positions, batchOf(network)),
    async evaluate(group, options) {
      const inputs = occluded(input, shown, group.map((position) => windows[position]));
      const results = await network.forward(inputs, outputs, options);
      const rows = group.map((_, row) => {
        const scores = scoresIn(network, results, row, group.length);
        if (measures === "logit") return onlyLogit(scores.logits[target]);
        const sum = layer === null ? NaN : sumOfChannel(results[layer.tensor], layer.channel, row);
        return valuesOf(scores, target, sum);
      });
      return Float32Array.from(rows.flat());
    },
  };
}
