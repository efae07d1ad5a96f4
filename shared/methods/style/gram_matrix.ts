import { float32, type Tensor } from "../../tensor/tensor.ts";

/**
 * How the channels of a layer [1, C, ...] occur together: the products of each two, averaged over
 * the positions. [C, C]
 */
export function gramMatrix({ data, dims }: Tensor<"float32">): Tensor<"float32"> {
  const channels = dims[1];
  const positions = data.length / channels;
  const gram = new Float32Array(channels * channels);
  for (let a = 0; a < channels; a++) {
    for (let b = a; b < channels; b++) {
      let sum = 0;
      const [rowA, rowB] = [a * positions, b * positions];
      for (let i = 0; i < positions; i++) sum += data[rowA + i] * data[rowB + i];
      gram[a * channels + b] = gram[b * channels + a] = sum / positions;
    }
  }
  return float32(gram, [channels, channels]);
}
