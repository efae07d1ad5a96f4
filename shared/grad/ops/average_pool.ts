import { windowOf } from "../../onnx/shape/window.ts";
import type { GradientRow } from "../gradient_scope.ts";
import { dilate } from "./conv.ts";

/**
 * Y = the mean of each window. dX is the windowed sum of dY divided by the number of elements that
 * each window averaged over, which differs at the borders.
 */
const averagePool: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }) => {
    const [, , ...spatial] = dims(0);
    const kernel = attributes.ints("kernel_shape", []);
    const window = windowOf(attributes, spatial, kernel);
    const { strides, dilations, padsBegin, padsEnd, output } = window;
    const countsPad = attributes.int("count_include_pad", 0) === 1;
    // How many elements a window covers is a product over the axes.
    const sizes = spatial.map((extent, axis) => {
      const [low, high] = countsPad ? [-padsBegin[axis], extent + padsEnd[axis]] : [0, extent];
      return Array.from({ length: output[axis] }, (_, i) => {
        const start = i * strides[axis] - padsBegin[axis];
        const places = Array.from({ length: kernel[axis] }, (_, k) => start + k * dilations[axis]);
        return places.filter((at) => at >= low && at < high).length;
      });
    });
    const area = kernel.reduce((a, b) => a * b, 1);
    // AveragePool below divides by the whole window; that is undone here.
    const shares = sizes.reduce(
      (all, counts) => all.flatMap((share) => counts.map((count) => share / count)),
      [area],
    );
    const isEven = shares.every((share) => share === 1);
    const shared = isEven ? dy() : e.mul(dy(), e.array(shares, [1, 1, ...output], dy()));
    const spread = dilate(e, shared, strides);
    const reach = kernel.map((size, axis) => (size - 1) * dilations[axis]);
    const begin = reach.map((r, axis) => r - padsBegin[axis]);
    const end = spatial.map((extent, axis) =>
      extent + reach[axis] - begin[axis] - e.dims(spread)[axis + 2]
    );
    const padded = e.pad(spread, [0, 0, ...begin], [0, 0, ...end]);
    const isDilated = dilations.some((dilation) => dilation > 1);
    return [e.op("AveragePool", [padded], {
      kernel_shape: kernel,
      dilations: isDilated ? dilations : undefined,
    })];
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
