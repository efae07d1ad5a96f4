import type { CamMethod } from "./options.ts";

/** A layer's activations and the gradient of a score by them, each [1, C, h, w]. */
export interface CamTerms {
  readonly activations: Float32Array;
  readonly gradients: Float32Array;
  readonly channels: number;
}

/** What a channel adds at a position, from its activations a and gradients g at all positions. */
type Formula = (a: Float32Array, g: Float32Array) => (position: number) => number;

/**
 * How the gradients weigh a layer.
 *
 * @see Selvaraju et al., "Grad-CAM", ICCV 2017
 * @see Chattopadhay et al., "Grad-CAM++", WACV 2018 (equation 19, for a score that is exponentiated)
 * @see Draelos and Carin, "Use HiResCAM instead of Grad-CAM", 2020
 * @see Jiang et al., "LayerCAM", IEEE TIP 2021
 * @see Fu et al., "Axiom-based Grad-CAM" (XGrad-CAM), BMVC 2020
 */
const FORMULAS: Readonly<Record<Exclude<CamMethod, "scorecam">, Formula>> = {
  "gradcam": (a, g) => weighted(a, total(g, (i) => g[i]) / g.length),
  "gradcam++": (a, g) => {
    const sum = total(a, (i) => a[i]);
    const share = (i: number) => g[i] ** 2 / (2 * g[i] ** 2 + sum * g[i] ** 3 + 1e-6);
    return weighted(a, total(g, (i) => Math.max(0, g[i]) * share(i)));
  },
  "hirescam": (a, g) => (i) => g[i] * a[i],
  "layercam": (a, g) => (i) => Math.max(0, g[i]) * a[i],
  "xgradcam": (a, g) => {
    const sum = total(a, (i) => a[i]);
    return weighted(a, total(g, (i) => g[i] * a[i]) / (sum + 1e-7));
  },
};

/** The map [h, w] of a class: before ReLU, scaling and enlargement. */
export function camOf(
  method: Exclude<CamMethod, "scorecam">,
  { activations, gradients, channels }: CamTerms,
): Float32Array {
  const area = activations.length / channels;
  const map = new Float64Array(area);
  for (let c = 0; c < channels; c++) {
    const plane = (values: Float32Array) => values.subarray(c * area, (c + 1) * area);
    const at = FORMULAS[method](plane(activations), plane(gradients));
    for (let i = 0; i < area; i++) map[i] += at(i);
  }
  return Float32Array.from(map);
}

const weighted = (a: Float32Array, weight: number) => (i: number) => weight * a[i];

/** A sum over positions in double precision. */
function total(values: Float32Array, term: (position: number) => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += term(i);
  return sum;
}
