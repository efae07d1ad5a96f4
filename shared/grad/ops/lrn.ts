import type { Emitter } from "../emitter.ts";
import type { GradientRow } from "../gradient_scope.ts";

/**
 * Y = X / S^beta with S = bias + alpha / size * (sum of X^2 over `size` neighbouring channels).
 *
 * dX = dY / S^beta - 2 alpha beta / size * X * (sum of dY Y / S over the channels that see it).
 */
const lrn: GradientRow = {
  rule: ({ emit: e, attributes, x, y, dy }) => {
    const size = attributes.int("size", 1);
    const alpha = attributes.float("alpha", 1e-4);
    const beta = attributes.float("beta", 0.75);
    const before = Math.floor((size - 1) / 2);
    // The mean over `size` channels, zeros outside counted, is the sum divided by size.
    const mean = channelMean(e, e.mul(x(0), x(0)), size, before);
    const s = e.shift(e.scale(mean, alpha), attributes.float("bias", 1));
    const direct = e.mul(dy(), inversePower(e, s, beta));
    const seen = channelMean(e, e.div(e.mul(dy(), y()), s), size, size - 1 - before);
    return [e.sub(direct, e.scale(e.mul(x(0), seen), 2 * alpha * beta))];
  },
};

/** S^-beta; by square roots for the usual 3/4, since powers are slow. */
function inversePower(e: Emitter, s: string, beta: number): string {
  if (beta !== 0.75) return e.pow(s, -beta);
  const root = e.op("Sqrt", [s]);
  return e.op("Reciprocal", [e.mul(root, e.op("Sqrt", [root]))]);
}

/** The mean over windows of `size` channels: an average pool with the channels as rows. */
function channelMean(e: Emitter, value: string, size: number, before: number): string {
  const dims = e.dims(value);
  const [n, c, ...spatial] = dims;
  const rows = e.reshape(value, [n, 1, c, spatial.reduce((a, b) => a * b, 1)]);
  const pooled = e.op("AveragePool", [rows], {
    kernel_shape: [size, 1],
    pads: [before, 0, size - 1 - before, 0],
    count_include_pad: 1,
  });
  return e.reshape(pooled, dims);
}

export const lrnRules = { LRN: lrn } as const satisfies Record<string, GradientRow>;
