import { InputError } from "../../errors.ts";
import { normalizeAxis } from "../../onnx/mod.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** X with mean 0 and variance 1 over some axes, and one over its standard deviation. */
interface Standardized {
  readonly value: string;
  readonly inverse: string;
}

function standardize(
  e: Emitter,
  x: string,
  axes: readonly number[],
  epsilon: number,
): Standardized {
  const centred = e.sub(x, e.reduceMean(x, axes));
  const variance = e.reduceMean(e.mul(centred, centred), axes);
  const inverse = e.op("Reciprocal", [e.op("Sqrt", [e.shift(variance, epsilon)])]);
  return { value: e.mul(centred, inverse), inverse };
}

/** From the gradient g of the standardized value to that of X. */
function throughStandardize(
  e: Emitter,
  g: string,
  { value, inverse }: Standardized,
  axes: readonly number[],
): string {
  const along = e.mul(value, e.reduceMean(e.mul(g, value), axes));
  return e.mul(inverse, e.sub(e.sub(g, e.reduceMean(g, axes)), along));
}

/** A vector along the channel axis, shaped to broadcast against [N, C, ...]. */
function alongChannels(e: Emitter, vector: string, rank: number): string {
  return e.reshape(vector, [1, e.dims(vector)[0], ...new Array<number>(rank - 2).fill(1)]);
}

/** Summed over everything but channels, as a vector. */
function perChannel(e: Emitter, value: string): string {
  const dims = e.dims(value);
  const axes = dims.flatMap((_, axis) => axis === 1 ? [] : [axis]);
  return e.reshape(e.reduceSum(value, axes), [dims[1]]);
}

/** Y = scale (X - mean) / sqrt(var + epsilon) + B with fixed statistics. */
const batchNormalization: GradientRow = {
  rule: (scope) => {
    const { emit: e, attributes, x, dy, dims, wants } = scope;
    if (attributes.int("training_mode", 0) === 1) {
      throw new InputError(
        `Cannot differentiate BatchNormalization "${scope.y()}": it is in training mode; export the ` +
          `network for inference`,
      );
    }
    const rank = dims(0).length;
    const variance = e.shift(x(4), attributes.float("epsilon", 1e-5));
    const inverse = e.op("Reciprocal", [e.op("Sqrt", [variance])]);
    const gain = e.mul(x(1), inverse);
    const bias = () => perChannel(e, dy());
    const centredSum = () => perChannel(e, e.mul(dy(), e.sub(x(0), alongChannels(e, x(3), rank))));
    return [
      wants(0) ? e.mul(dy(), alongChannels(e, gain, rank)) : null,
      wants(1) ? e.mul(centredSum(), inverse) : null,
      wants(2) ? bias() : null,
      wants(3) ? e.neg(e.mul(gain, bias())) : null,
      wants(4) ? e.scale(e.mul(centredSum(), e.div(gain, variance)), -0.5) : null,
    ];
  },
};

/** Y = scale standardize(X) + B over the spatial axes of each image and channel. */
const instanceNormalization: GradientRow = {
  rule: ({ emit: e, attributes, x, dy, dims, wants }) => {
    const axes = dims(0).slice(2).map((_, i) => i + 2);
    const standard = standardize(e, x(0), axes, attributes.float("epsilon", 1e-5));
    const g = e.mul(dy(), alongChannels(e, x(1), dims(0).length));
    return [
      wants(0) ? throughStandardize(e, g, standard, axes) : null,
      wants(1) ? perChannel(e, e.mul(dy(), standard.value)) : null,
      wants(2) ? perChannel(e, dy()) : null,
    ];
  },
};

/** Y = scale standardize(X) + B over the last axes, from `axis` on. */
const layerNormalization: GradientRow = {
  rule: ({ emit: e, attributes, x, dy, dims, wants }) => {
    const from = normalizeAxis(attributes.int("axis", -1), dims(0).length);
    const axes = dims(0).map((_, axis) => axis).slice(from);
    const standard = standardize(e, x(0), axes, attributes.float("epsilon", 1e-5));
    return [
      wants(0) ? throughStandardize(e, e.mul(dy(), x(1)), standard, axes) : null,
      wants(1) ? e.mul(dy(), standard.value) : null,
      wants(2) ? dy() : null,
    ];
  },
};

/** Y = scale X / sqrt(mean X^2 + epsilon) over the last axes, from `axis` on. */
const rmsNormalization: GradientRow = {
  rule: ({ emit: e, attributes, x, dy, dims, wants }) => {
    const from = normalizeAxis(attributes.int("axis", -1), dims(0).length);
    const axes = dims(0).map((_, axis) => axis).slice(from);
    const square = e.reduceMean(e.mul(x(0), x(0)), axes);
    const root = e.op("Sqrt", [e.shift(square, attributes.float("epsilon", 1e-5))]);
    const inverse = e.op("Reciprocal", [root]);
    const value = e.mul(x(0), inverse);
    const through = (g: string) => {
      const along = e.mul(value, e.reduceMean(e.mul(g, value), axes));
      return e.mul(inverse, e.sub(g, along));
    };
    return [
      wants(0) ? through(e.mul(dy(), x(1))) : null,
      wants(1) ? e.mul(dy(), value) : null,
    ];
  },
};

/** Y = scale standardize(X) + B over groups of channels. */
const groupNormalization: GradientRow = {
  rule: (scope) => {
    const { emit: e, attributes, x, dy, dims, wants } = scope;
    const groups = attributes.int("num_groups", 1);
    const [n, c, ...spatial] = dims(0);
    const grouped = [n, groups, c / groups, ...spatial];
    const axes = grouped.map((_, axis) => axis).slice(2);
    const standard = standardize(
      e,
      e.reshape(x(0), grouped),
      axes,
      attributes.float("epsilon", 1e-5),
    );
    // Until 21 there was one scale a group.
    const perGroup = scope.opset < 21;
    const scaleDims = [1, groups, perGroup ? 1 : c / groups, ...spatial.map(() => 1)];
    const g = e.reshape(dy(), grouped);
    const toScale = (value: string) => e.reshape(e.sumTo(value, scaleDims), dims(1));
    const dx = () => throughStandardize(e, e.mul(g, e.reshape(x(1), scaleDims)), standard, axes);
    return [
      wants(0) ? e.reshape(dx(), dims(0)) : null,
      wants(1) ? toScale(e.mul(g, standard.value)) : null,
      wants(2) ? toScale(g) : null,
    ];
  },
};

/** Y = standardize(X) over the given axes, without a floor under the variance. */
const meanVarianceNormalization: GradientRow = {
  rule: ({ emit: e, attributes, x, dy }) => {
    const axes = attributes.ints("axes", [0, 2, 3]);
    return [throughStandardize(e, dy(), standardize(e, x(0), axes, 1e-9), axes)];
  },
};

/** Y = X / its norm along an axis. */
function lpNormalization(scope: GradientScope): string {
  const { emit: e, attributes, dims, x, y, dy } = scope;
  const axis = normalizeAxis(attributes.int("axis", -1), dims(0).length);
  const isL1 = attributes.int("p", 2) === 1;
  const norm = e.op(isL1 ? "ReduceL1" : "ReduceL2", [x(0), e.ints([axis])], { keepdims: 1 });
  const direction = isL1 ? e.op("Sign", [x(0)]) : y();
  const along = e.mul(direction, e.reduceSum(e.mul(dy(), y()), [axis]));
  // The runtime leaves a vector of zeros as it is.
  const isLong = e.greater(norm, e.scalar(0, norm));
  const safe = e.where(isLong, norm, e.scalar(1, norm));
  return e.keepWhere(isLong, e.div(e.sub(dy(), along), safe));
}

export const normalizationRules = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: {
    rule: (scope: GradientScope) => [lpNormalization(scope)],
    convention: "0 where X is 0 along the axis",
  },
  MeanVarianceNormalization: meanVarianceNormalization,
  RMSNormalization: rmsNormalization,
} as const satisfies Record<string, GradientRow>;
