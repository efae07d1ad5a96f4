import { float32 } from "../../tensor/tensor.ts";
import { windowOf } from "../shape/window.ts";
import type { SpellOut, SpellScope } from "./spell_out.ts";

/** Elements of what the gradient holds of sampled places at once: 64 MiB. */
const MAX_HELD = 2 ** 24;

/** The operator set since which GridSample calls its modes "linear" and "cubic". */
const NEW_MODES = 20;

/** Taps that are sampled together. */
interface Taps {
  readonly from: number;
  readonly to: number;
}

/** Elements from `from` to before `to` along an axis. */
const slice = (scope: SpellScope, x: string, axis: number, { from, to }: Taps) =>
  scope.op("Slice", [x, scope.ints([from]), scope.ints([to]), scope.ints([axis])]);

const reshape = (scope: SpellScope, x: string, dims: readonly number[]) =>
  scope.op("Reshape", [x, scope.ints(dims)]);

/**
 * Each tap of the kernel reads the map between its pixels, where the offsets say, and weighs what it
 * read by the mask: a GridSample of all taps, then a convolution over them.
 *
 * @see Zhu et al., "Deformable ConvNets v2: More Deformable, Better Results", CVPR 2019
 */
export const deformConv: SpellOut = (scope) => {
  const { node, attributes } = scope;
  const [x, w, offset, bias = "", mask = ""] = node.input;
  const [input, weights] = [scope.dims(0), scope.dims(1)];
  if (input?.length !== 4 || !weights) return;
  const [n, channels, height, width] = input;
  const [outputs, perGroup, ...kernel] = weights;
  const window = windowOf(attributes, [height, width], kernel);
  const [rows, columns] = window.output;
  const groups = attributes.int("offset_group", 1);
  const taps = kernel[0] * kernel[1];
  const images = n * groups;
  const map = reshape(scope, x, [images, channels / groups, height, width]);
  const moved = reshape(scope, offset, [images, taps, 2, rows, columns]);
  const shares = mask && reshape(scope, mask, [images, taps, rows, columns]);
  const kernels = reshape(scope, w, [outputs, perGroup, taps, 1]);
  // From pixels to -1 at the left edge of the first and 1 at the right edge of the last.
  const scale = scope.constant(float32(Float32Array.of(2 / height, 2 / width), [1, 1, 2, 1, 1]));
  const shift = scope.constant(
    float32(Float32Array.of(1 / height - 1, 1 / width - 1), [1, 1, 2, 1, 1]),
  );
  const sampled = (part: Taps) => {
    const count = part.to - part.from;
    const base = float32(placesOf(window, part, kernel[1]), [1, count, 2, rows, columns]);
    const places = scope.op("Add", [slice(scope, moved, 1, part), scope.constant(base)]);
    const unit = scope.op("Add", [scope.op("Mul", [places, scale]), shift]);
    // Columns come first in a grid.
    const turned = scope.op("Transpose", [unit], { perm: [0, 1, 3, 4, 2] });
    const swapped = scope.op("Gather", [turned, scope.ints([1, 0])], { axis: 4 });
    const grid = reshape(scope, swapped, [images, count * rows, columns, 2]);
    const mode = scope.opset < NEW_MODES ? "bilinear" : "linear";
    const read = scope.op("GridSample", [map, grid], { mode, padding_mode: "zeros" });
    if (!shares) return read;
    const share = reshape(scope, slice(scope, shares, 1, part), [images, 1, count * rows, columns]);
    return scope.op("Mul", [read, share]);
  };
  const step = Math.max(1, Math.floor(MAX_HELD / (channels * height * rows * columns)));
  let sum: string | undefined;
  for (let from = 0; from < taps; from += step) {
    const part = { from, to: Math.min(from + step, taps) };
    const read = reshape(scope, sampled(part), [n, channels, part.to - from, rows * columns]);
    const inputs = [read, slice(scope, kernels, 2, part), ...bias && !sum ? [bias] : []];
    const made = scope.op("Conv", inputs, { group: attributes.int("group", 1) });
    sum = sum ? scope.op("Add", [sum, made]) : made;
  }
  scope.replace("Reshape", [sum!, scope.ints([n, outputs, rows, columns])]);
};

/** Rows and columns that the taps read without offsets, [taps, 2, rows, columns]. */
function placesOf(
  { output: [rows, columns], strides, dilations, padsBegin }: ReturnType<typeof windowOf>,
  { from, to }: Taps,
  kernelWidth: number,
): Float32Array<ArrayBuffer> {
  const places = new Float32Array((to - from) * 2 * rows * columns);
  let at = 0;
  for (let tap = from; tap < to; tap++) {
    const within = [Math.floor(tap / kernelWidth), tap % kernelWidth];
    for (let axis = 0; axis < 2; axis++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const position = axis === 0 ? row : column;
          places[at++] = position * strides[axis] - padsBegin[axis] +
            within[axis] * dilations[axis];
        }
      }
    }
  }
  return places;
}
