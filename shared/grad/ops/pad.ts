import { InputError } from "../../errors.ts";
import { own } from "../../onnx/mod.ts";
import { padAmounts } from "../../onnx/shape/movement_rules.ts";
import type { GradientRule } from "../gradient_scope.ts";
import { applyTransposed, selection } from "./linear_map.ts";

/** Which element of a row of `extent` is at place `i`, counted from the row's start. */
const SOURCES: Readonly<Record<string, (i: number, extent: number) => number>> = {
  edge: (i, extent) => Math.min(Math.max(i, 0), extent - 1),
  reflect: (i, extent) => {
    if (extent === 1) return 0;
    const period = 2 * (extent - 1);
    const at = ((i % period) + period) % period;
    return at < extent ? at : period - at;
  },
  wrap: (i, extent) => ((i % extent) + extent) % extent,
};

/**
 * Y = X with a margin. With constants dX is dY without the margin; otherwise every element of X
 * also gets the gradients of its copies.
 */
export const padGradient: GradientRule = (scope) => {
  const { emit: e, attributes, dims, dy, wants } = scope;
  const mode = attributes.string("mode", "constant");
  const { begin, end } = padAmounts(scope);
  if (mode === "constant") {
    const inner = e.pad(dy(), begin.map((a) => -a), end.map((a) => -a));
    const total = (value: string) => e.op("ReduceSum", [value], { keepdims: 0 });
    const margin = () => e.reshape(e.sub(total(dy()), total(inner)), dims(2));
    return [inner, null, scope.has(2) && wants(2) ? margin() : null];
  }
  const source = own(SOURCES, mode);
  if (source === undefined) {
    throw new InputError(`Cannot differentiate Pad "${scope.y()}": unknown mode "${mode}"`);
  }
  const gradient = dims(0).reduce((value, extent, axis) => {
    if (begin[axis] === 0 && end[axis] === 0) return value;
    const length = extent + begin[axis] + end[axis];
    // What negative pads cut off is cut before anything is repeated.
    const first = Math.max(0, -begin[axis]);
    const inner = extent - first + Math.min(0, end[axis]);
    const sources = Array.from(
      { length },
      (_, i) => first + source(i - Math.max(0, begin[axis]), inner),
    );
    return applyTransposed(e, value, axis, selection(sources, extent));
  }, dy());
  return [gradient];
};
