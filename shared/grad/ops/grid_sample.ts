import { InputError } from "../../errors.ts";
import { DataType, own } from "../../onnx/mod.ts";
import type { Emitter } from "../emitter.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** Coefficient of the cubic, as of PyTorch and ONNX Runtime. */
const A = -0.75;

/** A pixel beside the place that is sampled: how far from its floor, its weight, and the slope of that. */
interface Tap {
  readonly offset: number;
  /** [N, P] or a number. */
  readonly weight: string;
  readonly slope: string;
}

/** Polynomial c0 + t (c1 + t (c2 + ...)). */
const polynomial = (e: Emitter, t: string, [first, ...rest]: readonly number[]): string =>
  rest.length === 0
    ? e.expand(e.scalar(first, t), e.dims(t))
    : e.shift(e.mul(t, polynomial(e, t, rest)), first);

/** The cubic within a pixel and beyond it, and their slopes, by the distance t. */
const NEAR = [1, 0, -(A + 3), A + 2];
const NEAR_SLOPE = [0, -2 * (A + 3), 3 * (A + 2)];
const FAR = [-4 * A, 8 * A, -5 * A, A];
const FAR_SLOPE = [8 * A, -10 * A, 3 * A];

/** The taps of each mode, by the fraction f beyond the floor, [N, P]. */
const TAPS: Readonly<Record<string, (e: Emitter, f: string) => readonly Tap[]>> = {
  linear: (e, f) => {
    const one = e.expand(e.scalar(1, f), e.dims(f));
    return [
      { offset: 0, weight: e.sub(one, f), slope: e.neg(one) },
      { offset: 1, weight: f, slope: one },
    ];
  },
  cubic: (e, f) => {
    const rest = e.shift(e.neg(f), 1);
    const [before, beyond] = [e.shift(f, 1), e.shift(rest, 1)];
    return [
      { offset: -1, weight: polynomial(e, before, FAR), slope: polynomial(e, before, FAR_SLOPE) },
      { offset: 0, weight: polynomial(e, f, NEAR), slope: polynomial(e, f, NEAR_SLOPE) },
      {
        offset: 1,
        weight: polynomial(e, rest, NEAR),
        slope: e.neg(polynomial(e, rest, NEAR_SLOPE)),
      },
      {
        offset: 2,
        weight: polynomial(e, beyond, FAR),
        slope: e.neg(polynomial(e, beyond, FAR_SLOPE)),
      },
    ];
  },
};

/** Modes by their names before operator set 20. */
const RENAMED: Readonly<Record<string, string>> = { bilinear: "linear", bicubic: "cubic" };

/** A place beyond the map, and by what its slope is multiplied: one of a name and undefined for 1. */
type Place = readonly [place: string, slope: string | undefined];

/** [N, P] to one-hot rows, [N, P, extent]; of places beyond the map rows of zeros. */
function oneHot(e: Emitter, index: string, extent: number, like: string): string {
  const columns = e.array(Array.from({ length: extent }, (_, i) => i), [extent], index);
  const at = e.equal(e.reshape(index, [...e.dims(index), 1]), columns);
  return e.castLike(e.cast(at, DataType.float32), like);
}

/** Which row or column each place of the grid reads, and how that depends on the grid. */
class Axis {
  readonly #e: Emitter;
  readonly #range: readonly [low: number, high: number];

  /**
   * @param grid Coordinates in -1..1, [N, P].
   * @param extent Of the map along this axis.
   */
  constructor(
    private readonly scope: GradientScope,
    private readonly grid: string,
    private readonly extent: number,
  ) {
    this.#e = scope.emit;
    const isAligned = scope.attributes.int("align_corners", 0) === 1;
    this.#range = isAligned ? [0, extent - 1] : [-0.5, extent - 0.5];
  }

  /** The weights of the map's rows or columns, [N, P, extent], and their slopes by the grid. */
  weights(): { matrix: string; slopes: string } {
    const [e, mode] = [this.#e, modeOf(this.scope)];
    const [low, high] = this.#range;
    // -1 is the lower end of the range, and 1 the upper one.
    const scale = (high - low) / 2;
    const place = e.shift(e.scale(this.grid, scale), (high + low) / 2);
    if (mode === "nearest") {
      const [index] = this.#pad(e.op("Round", [place]));
      const matrix = oneHot(e, this.#within(index), this.extent, place);
      return { matrix, slopes: e.zerosLike(matrix) };
    }
    // The cubic takes each of its taps back by itself.
    const [padded, turn] = mode === "cubic" ? [place, undefined] : this.#pad(place);
    const floor = e.op("Floor", [padded]);
    const taps = TAPS[mode](e, e.sub(padded, floor));
    const rows = taps.map(({ offset, weight, slope }) => {
      const index = this.#within(e.shift(floor, offset));
      const row = oneHot(e, index, this.extent, place);
      const along = (factor: string) => e.mul(row, e.reshape(factor, [...e.dims(factor), 1]));
      return [along(weight), along(slope)];
    });
    const [matrix, slopes] = [0, 1].map((part) =>
      rows.map((row) => row[part]).reduce((a, b) => e.add(a, b))
    );
    const turned = turn ? e.mul(slopes, e.reshape(turn, [...e.dims(turn), 1])) : slopes;
    return { matrix, slopes: e.scale(turned, scale) };
  }

  /** A place beyond the map, taken back into it. */
  #pad(place: string): Place {
    const e = this.#e;
    const mode = this.scope.attributes.string("padding_mode", "zeros");
    if (mode === "zeros") return [place, undefined];
    if (mode === "reflection") return this.#reflect(place);
    const clipped = this.#clip(place, 0, this.extent - 1);
    return [clipped, e.castLike(e.cast(e.equal(clipped, place), DataType.float32), place)];
  }

  /** A tap beyond the map: half a pixel beyond its border there is nothing to reflect. */
  #within(index: string): string {
    const mode = this.scope.attributes.string("padding_mode", "zeros");
    if (mode === "zeros") return index;
    const inside = mode === "reflection" ? this.#reflect(index)[0] : index;
    return this.#clip(inside, 0, this.extent - 1);
  }

  /** low + |((place - low + span) mod 2 span) - span|: a triangle wave. */
  #reflect(place: string): Place {
    const e = this.#e;
    const [low, high] = this.#range;
    const span = high - low;
    if (span === 0) return [e.zerosLike(place), e.zerosLike(place)];
    const from = e.shift(place, span - low);
    const turns = e.op("Floor", [e.scale(from, 1 / (2 * span))]);
    const wave = e.shift(e.sub(from, e.scale(turns, 2 * span)), -span);
    return [e.shift(e.op("Abs", [wave]), low), e.op("Sign", [wave])];
  }

  #clip(value: string, low: number, high: number): string {
    const e = this.#e;
    return e.op("Max", [e.op("Min", [value, e.scalar(high, value)]), e.scalar(low, value)]);
  }
}

function modeOf({ attributes, y }: GradientScope): string {
  const stated = attributes.string("mode", "linear");
  const mode = own(RENAMED, stated) ?? stated;
  if (mode === "nearest" || Object.hasOwn(TAPS, mode)) return mode;
  throw new InputError(`Cannot differentiate GridSample "${y()}": the mode "${mode}" is unknown`);
}

/** What each axis of the map reads for each place, [N, P, extent], and its slope by the grid. */
type Weights = readonly { readonly matrix: string; readonly slopes: string }[];

/**
 * Y[n, c, p] = sum over i, j of R[n, p, i] S[n, p, j] X[n, c, i, j], where R and S weigh the rows and
 * columns around a place of the grid, and a third matrix the planes of a volume: all gradients are
 * products with these, without a scatter.
 *
 * @see Jaderberg et al., "Spatial Transformer Networks", NeurIPS 2015
 */
export const gridSample: GradientRow = {
  convention: "the slope to the right of each pixel's centre",
  rule: (scope) => {
    const { emit: e, dims, x, dy, wants } = scope;
    const [n, channels, ...extents] = dims(0);
    const rank = extents.length;
    const places = dims(1).slice(1, -1).reduce((a, b) => a * b, 1);
    const grid = e.reshape(x(1), [n, places, rank]);
    // The first coordinate is that of the last axis.
    const weights = extents.map((extent, axis) => {
      const at = rank - 1 - axis;
      const along = e.reshape(e.slice(grid, 2, at, at + 1), [n, places]);
      return new Axis(scope, along, extent).weights();
    });
    const out = e.reshape(dy(), [n, channels, places]);
    const slopes = () =>
      weights.map((_, axis) => {
        const read = sampled(scope, weights.map((one, i) => i === axis ? one.slopes : one.matrix));
        return e.reshape(e.reduceSum(e.mul(read, out), [1]), [n, places, 1]);
      });
    return [
      wants(0) ? spread(scope, out, weights) : null,
      wants(1) ? e.reshape(e.concat(slopes().toReversed(), 2), dims(1)) : null,
    ];
  },
};

/** [N, P, extent] as [N, 1, extent, P]. */
function upright({ emit: e }: GradientScope, matrix: string): string {
  const [n, places, extent] = e.dims(matrix);
  return e.reshape(e.transpose(matrix, [0, 2, 1]), [n, 1, extent, places]);
}

/** Values of the places, [N, C, P], brought to the map that they were read from. */
function spread(scope: GradientScope, value: string, weights: Weights): string {
  const { emit: e, dims } = scope;
  const [n, , ...extents] = dims(0);
  const places = e.dims(value)[2];
  let made = value;
  for (const { matrix } of weights.slice(0, -1)) {
    const rows = e.dims(made)[1];
    const product = e.mul(e.reshape(made, [n, rows, 1, places]), upright(scope, matrix));
    made = e.reshape(product, [n, rows * e.dims(matrix)[2], places]);
  }
  const last = weights[extents.length - 1].matrix;
  return e.reshape(e.matMul(made, last), dims(0));
}

/** The map read with a matrix for each axis, [N, C, P]. */
function sampled(scope: GradientScope, matrices: readonly string[]): string {
  const { emit: e, dims, x } = scope;
  const [n, channels, ...extents] = dims(0);
  const width = extents[extents.length - 1];
  const rows = extents.slice(0, -1).reduce((a, b) => a * b, channels);
  const last = e.transpose(matrices[extents.length - 1], [0, 2, 1]);
  let made = e.matMul(e.reshape(x(0), [n, rows, width]), last);
  for (const matrix of matrices.slice(0, -1).toReversed()) {
    const [, places, extent] = e.dims(matrix);
    const split = e.reshape(made, [n, e.dims(made)[1] / extent, extent, places]);
    const read = e.reduceSum(e.mul(split, upright(scope, matrix)), [2]);
    made = e.reshape(read, [n, e.dims(split)[1], places]);
  }
  return made;
}
