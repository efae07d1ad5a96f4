import { areNumbers, type Kernel, oneByOne } from "../../compute/mod.ts";
import { imageGradientAlone } from "../../network/image_gradient.ts";
import type { Network } from "../../network/network.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import { baselineOf, type BaselineSpec } from "./baseline.ts";

/** What all steps share. */
export interface StepJob {
  /** [1, C, H, W] */
  readonly input: Tensor<"float32">;
  readonly baseline: BaselineSpec;
  readonly target: ScoreTarget;
  /** Places on the way from the baseline, 0, to the image, 1. */
  readonly shares: readonly number[];
}

/**
 * The gradient of the score at one place of one way, shaped like the input. Item i is place
 * i % shares.length on the way from baseline floor(i / shares.length).
 */
export const stepKernel: Kernel<StepJob, number, Float32Array, Network> = {
  id: "integrated-gradients/step",
  isResult: (value, { input }) => areNumbers(value, input.data.length),
  open(network, { input, baseline, target, shares }) {
    const at = imageGradientAlone(network, { aim: target, rule: "plain" });
    let [from, sample] = [input, -1];
    return Promise.resolve(oneByOne(async (item, { signal }) => {
      const wanted = Math.floor(item / shares.length);
      if (wanted !== sample) {
        [from, sample] = [baselineOf(input, baseline, wanted), wanted];
      }
      const share = shares[item % shares.length];
      const point = input.data.map((value, i) => from.data[i] + share * (value - from.data[i]));
      const values = await at(float32(point, network.inputDims), { signal });
      const what = `its gradient at ${share} of the way from the baseline`;
      requireFinite(values, `attribute ${target.label}`, what);
      return values;
    }));
  },
};
