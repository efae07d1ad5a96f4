import { type Window, windowOf } from "../../onnx/shape/window.ts";
import type { GradientRow } from "../gradient_scope.ts";
import { spreadOverWindows } from "./pool_sum.ts";

/** For each axis, how many elements the window at each position averages over. */
function counts(spatial: readonly number[], window: Window, countsPad: boolean): number[][] {
  const { kernel, strides, dilations, padsBegin, padsEnd, output } = window;
  return spatial.map((extent, axis) => {
    const [low, high] = countsPad ? [-padsBegin[axis], extent + padsEnd[axis]] : [0, extent];
    return Array.from({ length: output[axis] }, (_, i) => {
      const start = i * strides[axis] - padsBegin[axis];
      const places = Array.from({ length: kernel[axis] }, (_, k) => start + k * dilations[axis]);
      return places.filter((at) => at >= low && at < high).length;
    });
  });
}

/**
 * Y = the mean of each window. dX is the windowed sum of dY divided by the number of elements that
 * each window averaged over, which differs at the borders.
 */
const averagePool: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }) => {
    const [, , ...spatial] = dims(0);
    const window = windowOf(attributes, spatial, attributes.ints("kernel_shape", []));
    const area = window.kernel.reduce((a, b) => a * b, 1);
    // The spreading divides by the whole window, which is right where no border cuts it.
    const shares = counts(spatial, window, attributes.int("count_include_pad", 0) === 1).reduce(
      (all, sizes) => all.flatMap((share) => sizes.map((size) => share / size)),
      [area],
    );
    const isEven = shares.every((share) => share === 1);
    const shared = isEven ? dy() : e.mul(dy(), e.array(shares, [1, 1, ...window.output], dy()));
    return [spreadOverWindows(e, shared, spatial, window)];
  },
};

/** Y = the mean over the spatial axes. */
const globalAveragePool: GradientRow = {
  rule: ({ emit: e, dims, dy }) => {
    const [, , ...spatial] = dims(0);
    const area = spatial.reduce((a, b) => a * b, 1);
    return [e.expand(e.scale(dy(), 1 / area), dims(0))];
  },
};

export const averagePoolRules = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
} as const satisfies Record<string, GradientRow>;
