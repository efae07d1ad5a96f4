import { InputError } from "../../errors.ts";
import { differentiate, unit } from "../../grad/mod.ts";
import { blurPlanes } from "../../optimize/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../../network/network.ts";
import type { RunContext } from "../../contract/technique.ts";
import type { SegmentOptions } from "./options.ts";
import { seenFrom, ViewMeans, viewsOf } from "./views.ts";

/**
 * How much each pixel counts for a class: the largest absolute gradient of its logit over the
 * channels, averaged over views of the picture and smoothed.
 *
 * @param target Index of the class.
 * @returns One number a pixel.
 */
export async function saliency(
  network: Network,
  input: Tensor<"float32">,
  target: number,
  options: SegmentOptions,
  { signal, onProgress }: RunContext,
): Promise<Float32Array> {
  const { inputName, inputDims, logitsTensor } = network;
  const [, channels, height, width] = inputDims;
  const { model, gradients } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: target }),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
    reluRule: options.rule,
  });
  const name = gradients[inputName];
  const key = JSON.stringify(["segment", options.rule, target]);
  const means = new ViewMeans(height, width);
  const [down, right] = [height, width].map((side) => Math.round(options.shift * side));
  for (const [i, view] of viewsOf(options.views, down, right).entries()) {
    signal?.throwIfAborted();
    const feeds = { [inputName]: seenFrom(input, view) };
    const { [name]: gradient } = await network.evaluate(key, () => model, feeds, [name], {
      signal,
    });
    if (!(gradient.data as Float32Array).every(Number.isFinite)) {
      throw new InputError(
        `Cannot find the object of class ${target}: the gradient of its score has values that are ` +
          "no numbers; the network or the picture has such values, or too large ones",
      );
    }
    means.add(view, largestSizes(gradient.data as Float32Array, channels, height * width));
    onProgress?.({ done: i + 1, total: options.views, unit: "views" });
  }
  const map = float32(means.means, [1, 1, height, width]);
  return blurPlanes(map, options.smooth * Math.min(height, width)).data;
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
