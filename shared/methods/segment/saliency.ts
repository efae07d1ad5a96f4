import { areNumbers, inOrder, type Kernel, oneByOne } from "../../compute/mod.ts";
import type { Context, Steps } from "../../contract/method.ts";
import type { ReluRule } from "../../grad/mod.ts";
import { imageGradientAlone } from "../../network/image_gradient.ts";
import type { Network } from "../../network/network.ts";
import type { ScoreTarget } from "../../network/score_target.ts";
import { requireFinite } from "../../network/require_finite.ts";
import { blurPlanes } from "../../image/blur.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { SegmentOptions } from "./options.ts";
import { seenFrom, type View, ViewMeans, viewsOf } from "./views.ts";

interface SaliencyJob {
  readonly input: Tensor<"float32">;
  readonly target: ScoreTarget;
  readonly rule: ReluRule;
}

/** The saliency in one view: the largest absolute gradient of the score over the channels. */
export const viewKernel: Kernel<SaliencyJob, View, Float32Array, Network> = {
  id: "segment/view",
  isResult: (value, { input: { dims } }) => areNumbers(value, dims[2] * dims[3]),
  open(network, { input, target, rule }) {
    const at = imageGradientAlone(network, { aim: target, rule });
    const [, channels, height, width] = network.inputDims;
    return Promise.resolve(oneByOne(async (view, { signal }) => {
      const gradient = await at(seenFrom(input, view), { signal });
      requireFinite(gradient, `find the object of ${target.label}`, "the gradient of its score");
      return largestSizes(gradient, channels, height * width);
    }));
  },
};

/**
 * How much each pixel counts for a score: its saliency averaged over views of the image, and
 * smoothed.
 *
 * @returns One number a pixel.
 */
export async function* saliency(
  context: Context,
  input: Tensor<"float32">,
  target: ScoreTarget,
  { views, shift, rule, smooth }: SegmentOptions,
): Steps<Float32Array> {
  const [height, width] = input.dims.slice(2);
  const means = new ViewMeans(height, width);
  const [down, right] = [height, width].map((side) => Math.round(shift * side));
  const all = viewsOf(views, down, right);
  const found = context.map(viewKernel, { input, target, rule }, all);
  let done = 0;
  for await (const { item, result } of inOrder(found, (view) => all.indexOf(view))) {
    means.add(item, result);
    yield { done: ++done, total: views, unit: "views" };
  }
  const map = float32(means.means, [1, 1, height, width]);
  return blurPlanes(map, smooth * Math.min(height, width)).data;
}

function largestSizes(gradient: Float32Array, channels: number, area: number): Float32Array {
  return Float32Array.from({ length: area }, (_, i) => {
    let largest = 0;
    for (let c = 0; c < channels; c++) {
      largest = Math.max(largest, Math.abs(gradient[c * area + i]));
    }
    return largest;
  });
}
