import type { Tensor } from "../../tensor/tensor.ts";
import {
  ignoresEndPads,
  missingOutputs,
  mixesTransposedInputs,
} from "../../onnx/rewrite/webgpu_faults.ts";
import { type Window, windowOf } from "../../onnx/shape/window.ts";
import type { GradientRule, GradientScope } from "../gradient_scope.ts";
import type { Emitter } from "../emitter.ts";

/**
 * Y = conv(X, W) + B.
 *
 * dX is a convolution of dY with the kernels flipped and their channel axes exchanged; dW is one
 * of X with dY; dB is the sum of dY. 1-D to 3-D, any groups, strides, dilations and pads.
 */
export const convGradient: GradientRule = (scope) => [
  scope.wants(0) ? inputGradient(scope) : null,
  scope.wants(1) ? weightGradient(scope) : null,
  scope.wants(2) ? biasGradient(scope.emit, scope.dy()) : null,
];

/** The sum of dY over everything but channels. */
export function biasGradient(e: Emitter, dy: string): string {
  const dims = e.dims(dy);
  const axes = dims.flatMap((_, axis) => axis === 1 ? [] : [axis]);
  return e.reshape(e.reduceSum(dy, axes), [dims[1]]);
}

const zeros = (count: number) => new Array<number>(count).fill(0);

/** The window of a convolution, and the extents of what it slides over. */
interface ConvGeometry extends Window {
  readonly spatial: readonly number[];
}

function geometry(scope: GradientScope): ConvGeometry {
  const [, , ...spatial] = scope.dims(0);
  const [, , ...kernel] = scope.dims(1);
  return { spatial, ...windowOf(scope.attributes, spatial, kernel) };
}

function inputGradient(scope: GradientScope): string {
  const groups = scope.attributes.int("group", 1);
  const window = geometry(scope);
  const isStrided = window.strides.some((stride) => stride > 1);
  // ONNX Runtime's ConvTranspose is for float32 alone, and on WebGPU for one axis or two.
  const isRight = scope.emit.fact(scope.x(1)).type === "float32" &&
    scope.dims(1).length <= 4 &&
    !mixesTransposedInputs(scope.dims(1), groups);
  return isStrided && isRight
    ? stridedInputGradient(scope, groups, window)
    : denseInputGradient(scope, groups, window);
}

/** The one convolution with flipped kernels, with zeros between the elements of a strided dY. */
function denseInputGradient(scope: GradientScope, groups: number, window: ConvGeometry): string {
  const { emit: e } = scope;
  const { spatial, kernel, strides, dilations, padsBegin, output } = window;
  const dy = dilate(e, scope.dy(), strides);
  // Position i of dX reads dY (dilated) from i + pad - reach to i + pad.
  const reach = kernel.map((size, axis) => (size - 1) * dilations[axis]);
  const begin = reach.map((r, axis) => r - padsBegin[axis]);
  const end = spatial.map((extent, axis) =>
    extent + reach[axis] - begin[axis] - ((output[axis] - 1) * strides[axis] + 1)
  );
  return safeConv(e, dy, flippedWeight(scope, groups), { groups, dilations, begin, end });
}

/** The transposed convolution: no zeros are multiplied, and the kernels stay as they are. */
function stridedInputGradient(
  { emit: e, x, dy }: GradientScope,
  group: number,
  { spatial, kernel, strides, dilations, padsBegin, padsEnd, output }: ConvGeometry,
): string {
  // What no window reached, since a stride does not divide.
  const rest = spatial.map((extent, axis) =>
    extent + padsBegin[axis] + padsEnd[axis] - (output[axis] - 1) * strides[axis] -
    (kernel[axis] - 1) * dilations[axis] - 1
  );
  return e.op("ConvTranspose", [dy(), x(1)], {
    group,
    strides,
    dilations,
    pads: [...padsBegin, ...padsEnd],
    output_padding: rest,
  });
}

/** `value` with `strides - 1` zeros between neighbours along the spatial axes. */
export function dilate(e: Emitter, value: string, strides: readonly number[]): string {
  const [n, c, ...spatial] = e.dims(value);
  if (strides.every((stride) => stride === 1)) return value;
  const split = [n, c, ...spatial.flatMap((extent) => [extent, 1])];
  const end = [0, 0, ...strides.flatMap((stride) => [0, stride - 1])];
  const spread = e.pad(e.reshape(value, split), zeros(split.length), end);
  const full = e.reshape(spread, [n, c, ...spatial.map((extent, axis) => extent * strides[axis])]);
  return e.pad(full, zeros(spatial.length + 2), [0, 0, ...strides.map((stride) => 1 - stride)]);
}

/** How {@linkcode safeConv} slides its kernels. */
interface ConvOptions {
  readonly groups: number;
  /** @default 1 along each axis */
  readonly strides?: readonly number[];
  /** @default 1 along each axis */
  readonly dilations?: readonly number[];
  /** Zeros before each spatial axis; negative amounts cut off. @default none */
  readonly begin?: readonly number[];
  /** Zeros after each spatial axis; negative amounts cut off. @default none */
  readonly end?: readonly number[];
}

/**
 * A convolution that is right on WebGPU too; see {@linkcode missingOutputs} and
 * {@linkcode ignoresEndPads}. Pads have to be given here, since ONNX Runtime merges a Pad before.
 */
export function safeConv(e: Emitter, x: string, weight: string, options: ConvOptions): string {
  const [, , ...kernel] = e.dims(weight);
  const ones = kernel.map(() => 1);
  const { groups, strides = ones, dilations = ones, begin = [], end = [] } = options;
  const cut = (amounts: readonly number[]) =>
    kernel.map((_, axis) => Math.min(0, amounts[axis] ?? 0));
  const added = (amounts: readonly number[]) =>
    kernel.map((_, axis) => Math.max(0, amounts[axis] ?? 0));
  const value = e.pad(x, [0, 0, ...cut(begin)], [0, 0, ...cut(end)]);
  const [padsBegin, padsEnd] = [added(begin), added(end)];
  const [, , ...spatial] = e.dims(value);
  const isShort = ignoresEndPads({ kernel, strides, padsBegin, padsEnd }, spatial, groups);
  if (isShort) padsEnd[0] += dilations[0];
  const longer = isShort ? lengthened(e, weight) : weight;
  const pads = [...padsBegin, ...padsEnd];
  const [channels, ...rest] = e.dims(longer);
  const perGroup = channels / groups;
  const missing = missingOutputs(e.dims(longer), groups);
  const conv = (kernels: string) => {
    // Without a bias ONNX Runtime takes no sum and no rectifier that follow a sum into a convolution.
    const outputs = e.dims(kernels)[0];
    const bias = e.array(new Float32Array(outputs), [outputs], value);
    return e.op("Conv", [value, kernels, bias], { group: groups, strides, dilations, pads });
  };
  if (missing === 0) return conv(longer);
  const split = e.reshape(longer, [groups, perGroup, ...rest]);
  const filled = e.pad(split, zeros(rest.length + 2), [0, missing, ...zeros(rest.length)]);
  const wide = conv(e.reshape(filled, [groups * (perGroup + missing), ...rest]));
  const [n, , ...positions] = e.dims(wide);
  const grouped = e.reshape(wide, [n, groups, perGroup + missing, ...positions]);
  return e.reshape(e.slice(grouped, 2, 0, perGroup), [n, channels, ...positions]);
}

/** Kernels with a zero more along their first axis. */
function lengthened(e: Emitter, weight: string): string {
  const [out, into, length, ...rest] = e.dims(weight);
  // The reshapes keep ONNX Runtime from taking the Pad for one of the convolution's input.
  const rows = e.reshape(weight, [out * into, length, ...rest]);
  const padded = e.pad(rows, zeros(rest.length + 2), [0, 1, ...zeros(rest.length)]);
  return e.reshape(padded, [out, into, length + 1, ...rest]);
}

/** W [Cout, Cin/g, ...k] as [Cin, Cout/g, ...k] with every kernel flipped. */
function flippedWeight(scope: GradientScope, groups: number): string {
  const { emit: e } = scope;
  const known = scope.initializer(1);
  if (known?.type === "float32") return e.constant(flipped(known as Tensor<"float32">, groups));
  const [out, into, ...kernel] = scope.dims(1);
  const axes = kernel.map((_, axis) => axis);
  const grouped = e.reshape(scope.x(1), [groups, out / groups, into, ...kernel]);
  const swapped = e.transpose(grouped, [0, 2, 1, ...axes.map((axis) => axis + 3)]);
  const merged = e.reshape(swapped, [groups * into, out / groups, ...kernel]);
  return axes.reduce((value, axis) => reverse(e, value, axis + 2), merged);
}

function reverse(e: Emitter, value: string, axis: number): string {
  const extent = e.dims(value)[axis];
  return extent === 1 ? value : e.slice(value, axis, extent - 1, -(extent + 1), -1);
}

function flipped({ dims, data }: Tensor<"float32">, groups: number): Tensor<"float32"> {
  const [out, into, ...kernel] = dims;
  const size = kernel.reduce((a, b) => a * b, 1);
  const perGroup = out / groups;
  const result = new Float32Array(data.length);
  for (let g = 0; g < groups; g++) {
    for (let o = 0; o < perGroup; o++) {
      for (let i = 0; i < into; i++) {
        const from = ((g * perGroup + o) * into + i) * size;
        const to = ((g * into + i) * perGroup + o) * size;
        for (let k = 0; k < size; k++) result[to + k] = data[from + size - 1 - k];
      }
    }
  }
  return { type: "float32", dims: [groups * into, perGroup, ...kernel], data: result };
}

function weightGradient(scope: GradientScope): string {
  return correlate(scope.emit, scope.x(0), scope.dy(), {
    ...geometry(scope),
    groups: scope.attributes.int("group", 1),
  });
}

/**
 * The gradient of a convolution's kernels [Cout, Cin/g, ...k]: every place of the input is
 * multiplied with every output it went into. That is a convolution of X with dY, batch and channels
 * exchanged; strides and dilations change places.
 */
export function correlate(
  e: Emitter,
  x: string,
  dy: string,
  window: Pick<Window, "kernel" | "strides" | "dilations" | "padsBegin" | "padsEnd"> & {
    readonly groups: number;
  },
): string {
  const { groups, kernel, strides, dilations, padsBegin, padsEnd } = window;
  const [n, channels, ...spatial] = e.dims(x);
  const out = e.dims(dy)[1];
  const into = channels / groups;
  const grouped = e.reshape(x, [n, groups, into, ...spatial]);
  const swapped = e.transpose(grouped, [2, 1, 0, ...spatial.map((_, axis) => axis + 3)]);
  const axes = spatial.map((_, axis) => axis + 2);
  const merged = e.reshape(swapped, [into, groups * n, ...spatial]);
  const full = safeConv(e, merged, e.transpose(dy, [1, 0, ...axes]), {
    groups,
    strides: dilations,
    dilations: strides,
    begin: padsBegin,
    end: padsEnd,
  });
  // Rows that no window reached (a stride that does not divide) make the result too large.
  const cut = kernel.reduce((value, size, axis) => e.slice(value, axis + 2, 0, size), full);
  return e.reshape(e.transpose(cut, [1, 0, ...axes]), [out, into, ...kernel]);
}
