import { blurForInsertion, changeCurve } from "../../shared/metrics/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { MAP_METHODS } from "./map_methods.ts";
import type { QualityPart } from "./quality_part.ts";
import { scenesFor } from "./scenes_for.ts";

/** What the network does when the pixels that a map calls important go, or come. */
export const faithfulness: QualityPart = {
  name: "faithfulness",
  summary: "Deletion and insertion: the area under the probability of the class while the pixels " +
    "that matter most go first (small is good), or come first (large is good).",
  scenes: 100,
  async run(network, count, signal) {
    const sums = MAP_METHODS.map(() => ({ deletion: 0, insertion: 0 }));
    for await (const { input, main: { classIndex } } of scenesFor(network, count)) {
      const { tensor } = input;
      const probability = async (image: Tensor<"float32">) =>
        (await classScores(network, image, { signal })).probabilities[classIndex];
      const zeros = float32(new Float32Array(tensor.data.length), tensor.dims);
      const blurred = blurForInsertion(tensor);
      for (const [i, method] of MAP_METHODS.entries()) {
        const { values } = await method.map({ network, input, classIndex, signal });
        const curve = (from: Tensor<"float32">, to: Tensor<"float32">) =>
          changeCurve(from, to, values, probability, { signal });
        sums[i].deletion += (await curve(tensor, zeros)).area;
        sums[i].insertion += (await curve(blurred, tensor)).area;
      }
    }
    return MAP_METHODS.map(({ name }, i) => ({
      method: name,
      deletion: (sums[i].deletion / count).toFixed(3),
      insertion: (sums[i].insertion / count).toFixed(3),
    }));
  },
};
