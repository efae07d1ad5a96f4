import { InputError } from "../../errors.ts";
import { DataType } from "../../onnx/mod.ts";
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
  const mode = RENAMED[stated] ?? stated;
  if (mode === "nearest" || Object.hasOwn(TAPS, mode)) return mode;
  throw new InputError(`Cannot differentiate GridSample "${y()}": the mode "${mode}" is unknown`);
}

/**
 * Y[n, c, p] = sum over i, j of R[n, p, i] S[n, p, j] X[n, c, i, j], where R and S weigh the rows and
 * columns around a place of the grid: all gradients are products with these, without a scatter.
 *
 * @see Jaderberg et al., "Spatial Transformer Networks", NeurIPS 2015
 */
export const gridSample: GradientRow = {
  convention: "the slope to the right of each pixel's centre",
  rule: (scope) => {
    const { emit: e, dims, x, dy, wants } = scope;
    const [n, channels, height, width] = dims(0);
    if (dims(0).length !== 4) {
      throw new InputError(
        `Cannot differentiate GridSample "${scope.y()}": its input has ${dims(0).length} axes, ` +
          "expected 4: volumes are not supported",
      );
    }
    const places = dims(1)[1] * dims(1)[2];
    const grid = e.reshape(x(1), [n, places, 2]);
    const along = (axis: number) => e.reshape(e.slice(grid, 2, axis, axis + 1), [n, places]);
    const columns = new Axis(scope, along(0), width).weights();
    const rows = new Axis(scope, along(1), height).weights();
    // [N, 1, H, P]
    const upright = (matrix: string) =>
      e.reshape(e.transpose(matrix, [0, 2, 1]), [n, 1, e.dims(matrix)[2], places]);
    const out = e.reshape(dy(), [n, channels, 1, places]);
    const image = () =>
      e.matMul(
        e.mul(out, upright(rows.matrix)),
        e.reshape(columns.matrix, [n, 1, places, width]),
      );
    const slope = (across: string, down: string) => {
      const read = e.mul(e.matMul(x(0), upright(across)), upright(down));
      return e.reshape(e.reduceSum(e.mul(read, out), [1, 2]), [n, places, 1]);
    };
    return [
      wants(0) ? image() : null,
      wants(1)
        ? e.reshape(
          e.concat([
            slope(columns.slopes, rows.matrix),
            slope(columns.matrix, rows.slopes),
          ], 2),
          dims(1),
        )
        : null,
    ];
  },
};
