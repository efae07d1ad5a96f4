import { normalAt } from "../../tensor/random.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";

/**
 * Copy `index` of the input with normally distributed noise.
 *
 * @param share Standard deviation of the noise, as a share of the input's range.
 * @see Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017
 */
export function noisyCopy(
  input: Tensor<"float32">,
  index: number,
  { share, seed }: { readonly share: number; readonly seed: number },
): Tensor<"float32"> {
  let [min, max] = [Infinity, -Infinity];
  for (const value of input.data) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const deviation = share * (max - min);
  const start = index * input.data.length;
  return float32(
    input.data.map((value, i) => value + deviation * normalAt(seed, start + i)),
    input.dims,
  );
}
