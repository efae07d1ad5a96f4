import { InputError } from "../../errors.ts";
import type { Attributes } from "../attributes.ts";

/** A sliding window over the spatial axes, with everything spelled out. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBegin: readonly number[];
  /** As the operator means it; with ceil_mode the last window may reach further still. */
  readonly padsEnd: readonly number[];
  /** Positions along each spatial axis. */
  readonly output: readonly number[];
}

/**
 * The window of a convolution or pool: `auto_pad`, which overrides `pads`, and `ceil_mode` resolved
 * to numbers.
 *
 * @param spatial Extents of the input's spatial axes.
 * @param kernel Extents of the kernel.
 */
export function windowOf(
  attributes: Attributes,
  spatial: readonly number[],
  kernel: readonly number[],
): Window {
  const rank = spatial.length;
  const ones = new Array<number>(rank).fill(1);
  const strides = attributes.ints("strides", ones);
  const dilations = attributes.ints("dilations", ones);
  const autoPad = attributes.string("auto_pad", "NOTSET");
  const pads = attributes.ints("pads", new Array<number>(2 * rank).fill(0));
  const isCeil = attributes.int("ceil_mode", 0) === 1;
  const padsBegin: number[] = [];
  const padsEnd: number[] = [];
  const output: number[] = [];
  const padding = (axis: number): readonly [begin: number, end: number] => {
    if (autoPad === "VALID") return [0, 0];
    if (!autoPad.startsWith("SAME")) return [pads[axis], pads[axis + rank]];
    // As in ONNX Runtime, which leaves dilations out: then fewer windows fit than "same" says.
    const count = Math.ceil(spatial[axis] / strides[axis]);
    const total = Math.max(0, (count - 1) * strides[axis] + kernel[axis] - spatial[axis]);
    const [small, large] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return autoPad === "SAME_UPPER" ? [small, large] : [large, small];
  };
  for (let axis = 0; axis < rank; axis++) {
    const [extent, stride] = [spatial[axis], strides[axis]];
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const [begin, end] = padding(axis);
    padsBegin.push(begin);
    padsEnd.push(end);
    const free = extent + padsBegin[axis] + padsEnd[axis] - reach;
    if (free < 0) {
      throw new InputError(
        `a window of ${reach} does not fit ${extent} elements padded by ` +
          `${padsBegin[axis]} and ${padsEnd[axis]}`,
      );
    }
    let count = Math.floor(free / stride) + 1;
    if (isCeil) {
      count = Math.ceil(free / stride) + 1;
      // A window that would start in the end padding is dropped, as in PyTorch and ONNX Runtime.
      if ((count - 1) * stride >= extent + padsBegin[axis]) count--;
    }
    output.push(count);
  }
  return { kernel, strides, dilations, padsBegin, padsEnd, output };
}
