import type { DataTypeName } from "../data_type.ts";
import type { ShapeRule, ShapeRules, ShapeScope } from "./fact.ts";
import { windowOf } from "./window.ts";

/** @param weights Which input holds them. */
const conv =
  (weights: number, typeOf: (scope: ShapeScope) => DataTypeName): ShapeRule => (scope) => {
    const [n, , ...spatial] = scope.dims(0);
    const [channels, , ...kernel] = scope.dims(weights);
    const { output } = windowOf(scope.attributes, spatial, kernel);
    return [{ type: typeOf(scope), dims: [n, channels, ...output] }];
  };

const pool: ShapeRule = (scope) => {
  const [n, channels, ...spatial] = scope.dims(0);
  const { output } = windowOf(scope.attributes, spatial, scope.attributes.ints("kernel_shape", []));
  const dims = [n, channels, ...output];
  return [{ type: scope.fact(0).type, dims }, { type: "int64", dims }];
};

const globalPool: ShapeRule = (scope) => {
  const [n, channels, ...spatial] = scope.dims(0);
  return [{ type: scope.fact(0).type, dims: [n, channels, ...spatial.map(() => 1)] }];
};

/** The window of the convolution that a ConvTranspose is the transpose of. */
export interface TransposedWindow {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  readonly padsEnd: readonly number[];
  readonly output: readonly number[];
}

/** Pads and output extents of a ConvTranspose, with `auto_pad` and `output_shape` resolved. */
export function transposedWindowOf(
  scope: Pick<ShapeScope, "attributes" | "dims">,
): TransposedWindow {
  const { attributes } = scope;
  const [, , ...spatial] = scope.dims(0);
  const [, , ...kernel] = scope.dims(1);
  const rank = spatial.length;
  const ones = new Array<number>(rank).fill(1);
  const zeros = new Array<number>(rank).fill(0);
  const strides = attributes.ints("strides", ones);
  const dilations = attributes.ints("dilations", ones);
  const outputPadding = attributes.ints("output_padding", zeros);
  const autoPad = attributes.string("auto_pad", "NOTSET");
  const outputShape = attributes.ints("output_shape");
  const pads = attributes.ints("pads", [...zeros, ...zeros]);
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const output = spatial.map((extent, axis) => {
    const full = (extent - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 +
      outputPadding[axis];
    const isSame = autoPad.startsWith("SAME");
    if (outputShape === undefined && !isSame) {
      padsBegin.push(autoPad === "VALID" ? 0 : pads[axis]);
      padsEnd.push(autoPad === "VALID" ? 0 : pads[axis + rank]);
      return full - padsBegin[axis] - padsEnd[axis];
    }
    const wanted = outputShape?.at(axis - rank) ?? extent * strides[axis];
    // A stride above the kernel leaves less than is wanted, and no padding adds to it.
    const total = Math.max(0, full - wanted);
    const half = Math.floor(total / 2);
    padsBegin.push(autoPad === "SAME_UPPER" ? half : total - half);
    padsEnd.push(total - padsBegin[axis]);
    // Where it is given it is so, if it is more than any window reaches.
    return outputShape ? wanted : full - total;
  });
  return { strides, dilations, padsBegin, padsEnd, output };
}

const convTranspose: ShapeRule = (scope) => {
  const channels = scope.dims(1)[1] * scope.attributes.int("group", 1);
  const dims = [scope.dims(0)[0], channels, ...transposedWindowOf(scope).output];
  return [{ type: scope.fact(0).type, dims }];
};

const maxUnpool: ShapeRule = (scope) => {
  const { type, dims: [n, channels, ...spatial] } = scope.fact(0);
  if (scope.has(2)) return [{ type, dims: scope.value(2) }];
  const { attributes } = scope;
  const kernel = attributes.ints("kernel_shape", []);
  const strides = attributes.ints("strides", spatial.map(() => 1));
  const pads = attributes.ints("pads", [...spatial, ...spatial].map(() => 0));
  const output = spatial.map((extent, axis) =>
    (extent - 1) * strides[axis] + kernel[axis] - pads[axis] - pads[axis + spatial.length]
  );
  return [{ type, dims: [n, channels, ...output] }];
};

const col2Im: ShapeRule = (scope) => {
  const [n, rows] = scope.dims(0);
  const block = scope.value(2).reduce((a, b) => a * b, 1);
  return [{ type: scope.fact(0).type, dims: [n, rows / block, ...scope.value(1)] }];
};

export const windowRules: ShapeRules = {
  Conv: conv(1, (scope) => scope.fact(0).type),
  ConvInteger: conv(1, () => "int32"),
  QLinearConv: conv(3, (scope) => scope.fact(7).type),
  ConvTranspose: convTranspose,
  DeformConv: conv(1, (scope) => scope.fact(0).type),
  Col2Im: col2Im,
  AveragePool: pool,
  MaxPool: pool,
  MaxUnpool: maxUnpool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
};
