import type { Slope } from "./climb.ts";

/**
 * The sum of |x|^alpha, and its gradient: large alphas only hold back what leaves the range of
 * pictures.
 *
 * @param alpha 1 or more.
 */
export function alphaNorm(planes: Float32Array, alpha: number): Slope {
  const gradient = new Float32Array(planes.length);
  let value = 0;
  for (let i = 0; i < planes.length; i++) {
    const size = Math.abs(planes[i]);
    const power = size ** (alpha - 1);
    value += power * size;
    gradient[i] = alpha * power * Math.sign(planes[i]);
  }
  return { value, gradient };
}
