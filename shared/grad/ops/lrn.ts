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
    const s = channelSum(e, e.mul(x(0), x(0)), {
      ...{ size, before, weight: alpha / size },
      bias: attributes.float("bias", 1),
    });
    const direct = e.mul(dy(), inversePower(e, s, beta));
    const seen = channelSum(e, e.div(e.mul(dy(), y()), s), {
      ...{ size, before: size - 1 - before, weight: 2 * alpha * beta / size },
    });
    return [e.sub(direct, e.mul(x(0), seen))];
  },
};

/** S^-beta; by square roots for the usual 3/4, since powers are slow. */
function inversePower(e: Emitter, s: string, beta: number): string {
  if (beta !== 0.75) return e.pow(s, -beta);
  const root = e.op("Sqrt", [s]);
  return e.op("Reciprocal", [e.mul(root, e.op("Sqrt", [root]))]);
}

interface ChannelSum {
  readonly size: number;
  /** Channels before the own one. */
  readonly before: number;
  /** What each is multiplied with. */
  readonly weight: number;
  /** What is added. @default nothing */
  readonly bias?: number;
}

/** Sums over `size` channels: a convolution with the channels as rows, faster than a pool. */
function channelSum(
  e: Emitter,
  value: string,
  { size, before, weight, bias }: ChannelSum,
): string {
  const dims = e.dims(value);
  const [n, c, ...spatial] = dims;
  const rows = e.reshape(value, [n, 1, c, spatial.reduce((a, b) => a * b, 1)]);
  const kernel = e.array(new Float32Array(size).fill(weight), [1, 1, size, 1], value);
  const biases = bias === undefined ? [] : [e.array([bias], [1], value)];
  const pads = [before, 0, size - 1 - before, 0];
  return e.reshape(e.op("Conv", [rows, kernel, ...biases], { pads }), dims);
}

export const lrnRules = { LRN: lrn } as const satisfies Record<string, GradientRow>;
