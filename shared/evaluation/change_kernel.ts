import { areNumbers, type Kernel, oneByOne } from "../compute/mod.ts";
import { blurForInsertion } from "../image/blur.ts";
import { pixelOrder } from "../metrics/change_curve.ts";
import { classScores } from "../network/class_scores.ts";
import { evaluateScore } from "../network/evaluate_score.ts";
import type { Network } from "../network/network.ts";
import type { ScoreTarget } from "../network/score_target.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";

/** Which way an image is changed. */
export const DIRECTIONS = ["deletion", "insertion"] as const;

export type Direction = typeof DIRECTIONS[number];

/** What all changes of an image share. */
export interface ChangeJob {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  /** For each of the H x W pixels, how much it matters. */
  readonly map: Float32Array;
  readonly target: ScoreTarget;
}

/** An image of which so many pixels, those that matter most, are changed. */
export interface Change {
  readonly direction: Direction;
  readonly pixels: number;
}

/** Whether the score is a class's, and so has a probability. */
export const isOfClass = ({ spec, index }: ScoreTarget): boolean =>
  index !== undefined && (spec.kind === "sum" || spec.kind === "log-probability");

/** The score of a changed image: the probability of a class, else the target's own. */
export const changeKernel: Kernel<ChangeJob, Change, Float32Array, Network> = {
  id: "evaluation/change",
  isResult: (value) => areNumbers(value, 1),
  open(network, { input, map, target }) {
    const order = pixelOrder(map);
    const zeros = float32(new Float32Array(input.data.length), input.dims);
    const ends = {
      deletion: { from: input, to: zeros },
      insertion: { from: blurForInsertion(input), to: input },
    };
    return Promise.resolve(oneByOne(async ({ direction, pixels }, { signal }) => {
      const { from, to } = ends[direction];
      const data = from.data.slice();
      for (const pixel of order.subarray(0, pixels)) {
        for (let i = pixel; i < data.length; i += map.length) data[i] = to.data[i];
      }
      const image = float32(data, input.dims);
      if (isOfClass(target)) {
        const { probabilities } = await classScores(network, image, { signal });
        return Float32Array.of(probabilities[target.index!]);
      }
      const { [target.layer]: found } = await network.forward(image, [target.layer], { signal });
      const output = { data: found.data as Float32Array, dims: found.dims };
      return Float32Array.of(evaluateScore(target.spec, output).value);
    }));
  },
};
