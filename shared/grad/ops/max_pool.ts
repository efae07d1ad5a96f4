import { windowOf } from "../../onnx/shape/window.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { padToWindows, scatterWindows, type WindowAxis, windowElements } from "./pool_windows.ts";

/** Below every activation, and finite, since WebGPU shaders may assume that all floats are. */
const LOWEST = -3.4028234663852886e38;

/**
 * Y = the maximum of each window. The gradient of a window goes to its first maximum in row-major
 * order, as in PyTorch.
 *
 * MaxPool's own Indices output does not work on WebGPU, and a scatter is not deterministic there.
 * A pool over a rectangle is one over the last axis, then over the one before, and so on; the first
 * maximum of the whole is the first maximum of the firsts. So each axis is undone by itself: the
 * gradient is handed along the elements of a window until one equals the maximum.
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
  const stages: { input: string; elements: string[]; result: string; window: WindowAxis }[] = [];
  let value = scope.x(0);
  for (const window of windows.toReversed()) {
    const padded = padToWindows(e, value, window, LOWEST);
    const elements = windowElements(e, padded, window);
    const isLast = window.axis === 2;
    const result = isLast ? scope.y() : elements.reduce((a, b) => e.op("Max", [a, b]));
    stages.push({ input: value, elements, result, window });
    value = result;
  }
  let gradient = scope.dy();
  for (const { input, elements, result, window } of stages.toReversed()) {
    const parts = handToFirstMaximum(e, gradient, elements, result);
    gradient = scatterWindows(e, parts, window, e.dims(input)[window.axis]);
  }
  return [gradient];
};

/** Splits `gradient` into one part for each element of a window, all but one of them zero. */
function handToFirstMaximum(
  e: Emitter,
  gradient: string,
  elements: readonly string[],
  maximum: string,
): string[] {
  let left = gradient;
  return elements.map((element, k) => {
    // One element is the maximum, so what the others left is the last one's.
    if (k === elements.length - 1) return left;
    const part = e.keepWhere(e.equal(element, maximum), left);
    left = e.sub(left, part);
    return part;
  });
}
