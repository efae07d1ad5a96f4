import type { Emitter } from "../emitter.ts";

/**
 * One spatial axis of a sliding window.
 *
 * Its windows are computed in cells, one for each stride that any of them reaches into: a few more
 * than there are windows. So an element of every window is the same tensor moved by whole cells, and
 * what lies in the cells behind the last window is of no use to anybody.
 */
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

/** How many cells an axis has. */
export function cellsOf({ kernel, stride, dilation, output }: WindowAxis): number {
  return output + Math.floor((kernel - 1) * dilation / stride);
}

/**
 * By place in the window: the maximum of every window up to that place, the last that of the whole.
 *
 * @param fill What the padding is, below every element.
 * @returns Like `x`, with cells along the axis.
 */
export function prefixMaxima(
  e: Emitter,
  x: string,
  window: WindowAxis,
  fill: number,
): readonly string[] {
  const { kernel, stride, dilation } = window;
  const padded = once(() => padToCells(e, x, window, fill));
  const phases = new Map<number, string>();
  const element = (place: number) => {
    const [cells, phase] = [Math.floor(place / stride), place % stride];
    const known = phases.get(phase) ?? everyNth(e, padded(), window.axis, phase, stride);
    phases.set(phase, known);
    return moved(e, known, window.axis, -cells);
  };
  const maxima: string[] = [];
  for (let k = 0; k < kernel; k++) {
    const next = () => {
      const own = element(k * dilation);
      return k === 0 ? own : e.op("Max", [maxima[k - 1], own]);
    };
    maxima.push(poolOfFirst(e, x, window, { count: k + 1, fill }) ?? next());
    if (k === 0) phases.set(0, maxima[0]);
  }
  return maxima;
}

/**
 * The maximum of the first `count` elements of every window in one pool, where they lie within one
 * stride and nothing is padded before. Along the last axis ONNX Runtime's slices take one element at
 * a time, and three times as long.
 */
function poolOfFirst(
  e: Emitter,
  x: string,
  window: WindowAxis,
  { count, fill }: { readonly count: number; readonly fill: number },
): string | undefined {
  const { axis, stride, dilation, padBegin } = window;
  const dims = e.dims(x);
  const reach = (count - 1) * dilation + 1;
  const isLast = dims.length === 4 && axis === 3 && stride > 1;
  if (!isLast || reach > stride || padBegin > 0) return;
  const cells = Math.min(cellsOf(window), Math.ceil(dims[3] / stride));
  const end = (cells - 1) * stride + reach - dims[3];
  // ONNX Runtime's pools have less padding than elements, however far apart those are.
  if (end >= count) return;
  const pooled = e.op("MaxPool", [e.pad(x, [0, 0, 0, 0], [0, 0, 0, Math.min(0, end)])], {
    kernel_shape: [1, count],
    strides: [1, stride],
    dilations: [1, dilation],
    pads: [0, 0, 0, Math.max(0, end)],
  });
  return e.pad(pooled, [0, 0, 0, 0], [0, 0, 0, cellsOf(window) - cells], fill);
}

/** `x` padded with `fill`, or cut, to what all cells cover. */
function padToCells(e: Emitter, x: string, window: WindowAxis, fill: number): string {
  const { axis, stride, padBegin } = window;
  const dims = e.dims(x);
  const at = (amount: number) => dims.map((_, i) => i === axis ? amount : 0);
  const end = cellsOf(window) * stride - dims[axis] - padBegin;
  return e.pad(x, at(padBegin), at(end), fill);
}

/** Every `step`-th element of an axis; along the last one by a pool, see {@linkcode poolOfFirst}. */
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
 * A value moved along an axis; what it leaves behind is of no use. The value is moved as one row,
 * which takes a third of the time: what crosses the end of an axis comes from behind the last window.
 */
function moved(e: Emitter, value: string, axis: number, cells: number): string {
  if (cells === 0) return value;
  const dims = e.dims(value);
  const product = (extents: readonly number[]) => extents.reduce((a, b) => a * b, 1);
  const amount = cells * product(dims.slice(axis + 1));
  const row = e.reshape(value, [product(dims)]);
  const result = e.op("Pad", [row, e.ints([amount, -amount]), e.scalar(0, value)]);
  return e.reshape(result, dims);
}

/**
 * The transpose of taking window elements: `parts[k]` is what element `k` of every window adds at
 * its place, and 0 behind the last window. Elements of the same phase are added up, and the phases
 * interleaved, which needs no scatter.
 */
export function scatterWindows(
  e: Emitter,
  parts: readonly string[],
  window: WindowAxis,
  extent: number,
): string {
  const { axis, stride, dilation, padBegin } = window;
  const phases = Array.from({ length: stride }, (_, phase) => {
    const shifted = parts.flatMap((part, k) => {
      const offset = k * dilation;
      if (offset % stride !== phase) return [];
      return [moved(e, part, axis, Math.floor(offset / stride))];
    });
    return shifted.length === 0 ? undefined : shifted.reduce((a, b) => e.add(a, b));
  });
  const whole = interleave(e, phases, axis);
  const dims = e.dims(whole);
  const at = (amount: number) => dims.map((_, i) => i === axis ? amount : 0);
  return e.pad(whole, at(-padBegin), at(extent + padBegin - dims[axis]));
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

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
