import { windowOf } from "../../onnx/shape/window.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { cellsOf, prefixMaxima, scatterWindows, type WindowAxis } from "./pool_windows.ts";

/** Below every activation, and finite, since WebGPU shaders may assume that all floats are. */
const LOWEST = -3.4028234663852886e38;

/**
 * Y = the maximum of each window. The gradient of a window goes to its first maximum in row-major
 * order, as in PyTorch.
 *
 * MaxPool's own Indices output does not work on WebGPU, and a scatter is not deterministic there.
 * A pool over a rectangle is one over the last axis, then over the one before, and so on; the first
 * maximum of the whole is the first maximum of the firsts. So each axis is undone by itself: the
 * gradient goes to where the maximum of the elements so far first is that of the window.
 */
export const maxPoolGradient: GradientRule = (scope) => {
  const { emit: e } = scope;
  const [, , ...spatial] = scope.dims(0);
  const { kernel, strides, dilations, padsBegin, output } = windowOf(
    scope.attributes,
    spatial,
    scope.attributes.ints("kernel_shape", []),
  );
  const windows = spatial.map((_, i): WindowAxis => ({
    axis: i + 2,
    kernel: kernel[i],
    stride: strides[i],
    dilation: dilations[i],
    padBegin: padsBegin[i],
    output: output[i],
  }));
  // Forward over the last axis first, so that going back the rows are decided before the columns.
  let value = scope.x(0);
  const stages = windows.toReversed().map((window) => {
    const extent = e.dims(value)[window.axis];
    const maxima = prefixMaxima(e, value, window, LOWEST);
    value = maxima.at(-1)!;
    return { window, extent, maxima };
  });
  // No gradient comes from behind the last window.
  const behind = windows.map((window) => cellsOf(window) - window.output);
  const start = e.pad(scope.dy(), scope.dims(0).map(() => 0), [0, 0, ...behind]);
  const gradient = stages.toReversed().reduce(
    (left, { window, extent, maxima }) =>
      scatterWindows(e, handToFirstMaximum(e, left, maxima), window, extent),
    start,
  );
  return [gradient];
};

/**
 * Splits `gradient` into one part for each element of a window, all but one of them zero.
 *
 * @param maxima Of each window up to each element.
 */
function handToFirstMaximum(e: Emitter, gradient: string, maxima: readonly string[]): string[] {
  const whole = maxima.at(-1)!;
  const upTo = [
    ...maxima.slice(0, -1).map((maximum) => e.keepWhere(e.equal(maximum, whole), gradient)),
    // One of the elements is the maximum.
    gradient,
  ];
  return upTo.map((sum, k) => k === 0 ? sum : e.sub(sum, upTo[k - 1]));
}
