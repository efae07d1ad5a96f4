import type { Slope } from "./climb.ts";

/**
 * The sum of the squared differences between neighbours, right and below, and its gradient.
 *
 * @param dims [..., H, W]
 *
 * @see Mahendran and Vedaldi, "Understanding Deep Image Representations by Inverting Them", 2015
 * (the regulariser with beta = 2)
 */
export function totalVariation(planes: Float32Array, dims: readonly number[]): Slope {
  const [height, width] = dims.slice(-2);
  const gradient = new Float32Array(planes.length);
  let value = 0;
  const pair = (a: number, b: number) => {
    const difference = planes[b] - planes[a];
    value += difference * difference;
    gradient[b] += 2 * difference;
    gradient[a] -= 2 * difference;
  };
  for (let i = 0; i < planes.length; i++) {
    if (i % width < width - 1) pair(i, i + 1);
    if (Math.floor(i / width) % height < height - 1) pair(i, i + width);
  }
  return { value, gradient };
}
