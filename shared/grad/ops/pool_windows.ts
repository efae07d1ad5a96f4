import type { Emitter } from "../emitter.ts";

/** One spatial axis of a sliding window. */
export interface WindowAxis {
  /** The axis of the tensor. */
  readonly axis: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Elements of padding before the first. */
  readonly padBegin: number;
  /** Positions of the window. */
  readonly output: number;
}

/** Extent of the padded input that the windows reach over. */
function reachOf({ kernel, stride, dilation, output }: WindowAxis): number {
  return (output - 1) * stride + (kernel - 1) * dilation + 1;
}

/** `x` padded with `fill`, or cut, to exactly what the windows reach over. */
export function padToWindows(e: Emitter, x: string, window: WindowAxis, fill: number): string {
  const dims = e.dims(x);
  const begin = dims.map((_, axis) => axis === window.axis ? window.padBegin : 0);
  const end = dims.map((extent, axis) =>
    axis === window.axis ? reachOf(window) - extent - window.padBegin : 0
  );
  return e.pad(x, begin, end, fill);
}

/** By place in the window: that element of every window, from what {@linkcode padToWindows} made. */
export function windowElements(e: Emitter, padded: string, window: WindowAxis): string[] {
  const { axis, kernel, stride, dilation, output } = window;
  const phases = new Map<number, string>();
  return Array.from({ length: kernel }, (_, k) => {
    const offset = k * dilation;
    const [first, phase] = [Math.floor(offset / stride), offset % stride];
    const elements = phases.get(phase) ?? everyNth(e, padded, axis, phase, stride);
    phases.set(phase, elements);
    return e.slice(elements, axis, first, first + output);
  });
}

/**
 * Every `step`-th element of an axis. Along the last one, a pool of single elements: ONNX Runtime's
 * slices take one element at a time there, and three times as long.
 */
function everyNth(e: Emitter, value: string, axis: number, start: number, step: number): string {
  const dims = e.dims(value);
  if (step === 1 || dims.length !== 4 || axis !== 3 || start >= dims[axis]) {
    return e.slice(value, axis, start, dims[axis], step);
  }
  return e.op("MaxPool", [e.slice(value, axis, start, dims[axis])], {
    kernel_shape: [1, 1],
    strides: [1, step],
  });
}

/**
 * The transpose of taking window elements: `parts[k]` is what element `k` of every window adds at
 * its place. Elements of the same phase are added up, and the phases interleaved, which needs no
 * scatter.
 */
export function scatterWindows(
  e: Emitter,
  parts: readonly string[],
  window: WindowAxis,
  extent: number,
): string {
  const { axis, stride, dilation, padBegin } = window;
  const rows = Math.ceil(reachOf(window) / stride);
  const phases = Array.from({ length: stride }, (_, phase) => {
    const shifted = parts.flatMap((part, k) => {
      const offset = k * dilation;
      if (offset % stride !== phase) return [];
      const begin = Math.floor(offset / stride);
      return [padAxis(e, part, axis, begin, rows - begin - e.dims(part)[axis])];
    });
    return shifted.length === 0 ? undefined : shifted.reduce((a, b) => e.add(a, b));
  });
  const whole = interleave(e, phases, axis);
  return padAxis(e, whole, axis, -padBegin, extent + padBegin - e.dims(whole)[axis]);
}

function padAxis(e: Emitter, value: string, axis: number, begin: number, end: number): string {
  const dims = e.dims(value);
  const at = (amount: number) => dims.map((_, i) => i === axis ? amount : 0);
  return e.pad(value, at(begin), at(end));
}

/** Element i of phase p goes to place i * phases + p; a missing phase is zeros. */
function interleave(e: Emitter, phases: readonly (string | undefined)[], axis: number): string {
  if (phases.length === 1) return phases[0]!;
  const dims = e.dims(phases.find((phase) => phase !== undefined)!);
  const column = [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)];
  const zeros = () => e.expand(e.scalar(0, phases.find((phase) => phase)!), column);
  const columns = phases.map((phase) => phase === undefined ? zeros() : e.reshape(phase, column));
  const flat = [...dims];
  flat[axis] *= phases.length;
  return e.reshape(e.concat(columns, axis + 1), flat);
}
