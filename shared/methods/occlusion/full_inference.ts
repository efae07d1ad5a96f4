import { scoresIn, scoreTensors } from "../../network/class_scores.ts";
import { evaluateScore } from "../../network/evaluate_score.ts";
import type { Network } from "../../network/network.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import {
  batchOf,
  type Inference,
  inGroups,
  type OcclusionInputs,
  onlyLogit,
  sumOfChannel,
  valuesOf,
} from "./inference.ts";
import type { Window } from "./grid.ts";
import type { OcclusionJob } from "./plan.ts";

/** Runs the whole network at each position. */
export function fullInference(
  network: Network,
  { target, explained, layer, measures }: OcclusionJob,
  windows: readonly Window[],
  { input, shown }: OcclusionInputs,
): Inference {
  const outputs = explained
    ? [explained.layer]
    : [...scoreTensors(network), ...layer === null ? [] : [layer.tensor]];
  return {
    groups: (positions) => inGroups(positions, batchOf(network)),
    async evaluate(group, options) {
      const inputs = occluded(input, shown, group.map((position) => windows[position]));
      const results = await network.forward(inputs, outputs, options);
      const rows = group.map((_, row) => {
        if (explained) return onlyLogit(valueIn(explained, results[explained.layer], row));
        const scores = scoresIn(network, results, row, group.length);
        if (measures === "logit") return onlyLogit(scores.logits[target]);
        const sum = layer === null ? NaN : sumOfChannel(results[layer.tensor], layer.channel, row);
        return valuesOf(scores, target, sum);
      });
      return Float32Array.from(rows.flat());
    },
  };
}

/** The value of a score for one input of a batch. */
function valueIn({ spec }: ScoreTarget, { data, dims }: Tensor, row: number): number {
  const [batch, ...rest] = dims;
  const size = data.length / batch;
  const values = (data as Float32Array).subarray(row * size, (row + 1) * size);
  return evaluateScore(spec, { data: values, dims: [1, ...rest] }).value;
}

/** One copy of the input for each window, with the occluder there. */
export function occluded(
  input: Tensor<"float32">,
  shown: Tensor<"float32">,
  windows: readonly Window[],
): Tensor<"float32"> {
  const [, channels, height, width] = input.dims;
  const size = elementCount(input.dims);
  const data = new Float32Array(windows.length * size);
  for (const [n, { top, left, bottom, right }] of windows.entries()) {
    const copy = data.subarray(n * size, (n + 1) * size);
    copy.set(input.data);
    for (let channel = 0; channel < channels; channel++) {
      for (let y = top; y < bottom; y++) {
        const row = (channel * height + y) * width;
        copy.set(shown.data.subarray(row + left, row + right), row + left);
      }
    }
  }
  return float32(data, [windows.length, channels, height, width]);
}
