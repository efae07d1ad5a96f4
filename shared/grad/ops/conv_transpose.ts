import { transposedWindowOf } from "../../onnx/shape/window_rules.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { biasGradient, correlate, safeConv } from "./conv.ts";

/**
 * Y = the transpose of the convolution with W [Cin, Cout/g, ...k], plus B. So dX is that
 * convolution of dY, and dW correlates dY with X.
 */
export const convTransposeGradient: GradientRule = (scope) => {
  const { emit: e, attributes, wants } = scope;
  const groups = attributes.int("group", 1);
  const [, , ...kernel] = scope.dims(1);
  const window = { kernel, groups, ...transposedWindowOf(scope) };
  const inputGradient = () => {
    const { strides, dilations, padsBegin: begin, padsEnd: end } = window;
    const full = safeConv(e, scope.dy(), scope.x(1), { groups, strides, dilations, begin, end });
    // Output padding of a stride or more leaves room for windows that X never made.
    return scope.dims(0).slice(2).reduce(
      (value, extent, i) => e.slice(value, i + 2, 0, extent),
      full,
    );
  };
  return [
    wants(0) ? inputGradient() : null,
    wants(1) ? correlate(e, scope.dy(), scope.x(0), window) : null,
    wants(2) ? biasGradient(e, scope.dy()) : null,
  ];
};
