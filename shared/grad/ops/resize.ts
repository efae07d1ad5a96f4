import { InputError } from "../../errors.ts";
import { float, normalizeAxis } from "../../onnx/mod.ts";
import type { GradientRule, GradientScope } from "../gradient_scope.ts";
import { applyTransposed, type Matrix, multiplyAlong, zeroMatrix } from "./linear_map.ts";

/** One axis of a Resize. */
interface ResizedAxis {
  readonly input: number;
  readonly output: number;
  /** A float32 value. */
  readonly scale: number;
}

const f = Math.fround;

const halfPixel = (i: number, { scale }: ResizedAxis) => f(f((i + 0.5) / scale) - 0.5);

/**
 * Where output place `i` lies in the input. In float32 at every step, as ONNX Runtime computes it:
 * places that fall between two elements are rounded to one of them, and must be to the same.
 */
const COORDINATES: Readonly<Record<string, (i: number, axis: ResizedAxis) => number>> = {
  align_corners: (i, { input, output }) => output === 1 ? 0 : f(i * (input - 1) / (output - 1)),
  asymmetric: (i, { scale }) => f(i / scale),
  half_pixel: halfPixel,
  half_pixel_symmetric: (i, { input, output, scale }) => {
    const offset = f(input / 2 * f(1 - f(output / f(scale * input))));
    // This sum alone is in float64 there.
    return f(offset + (i + 0.5) / scale - 0.5);
  },
  pytorch_half_pixel: (i, axis) => axis.output > 1 ? halfPixel(i, axis) : 0,
};

/** As near to the middle between two elements as this, ONNX Runtime takes a place for the middle. */
const TIE = 1e-6;

const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  ceil: Math.ceil,
  floor: Math.floor,
  round_prefer_ceil: (x) => Math.floor(x + 0.5 + TIE),
  round_prefer_floor: (x) => Math.ceil(x - 0.5 - TIE),
};

/** Weights of the neighbours of a place, by their distance from the place below it. */
type Taps = (at: number) => readonly (readonly [index: number, weight: number])[];

function linear(at: number) {
  const low = Math.floor(at);
  return [[low, 1 - (at - low)], [low + 1, at - low]] as const;
}

/** Keys' cubic convolution. */
function cubic(a: number): Taps {
  const near = (t: number) => ((a + 2) * t - (a + 3)) * t * t + 1;
  const far = (t: number) => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return (at) => {
    const low = Math.floor(at);
    const t = at - low;
    return [[low - 1, far(1 + t)], [low, near(t)], [low + 1, near(1 - t)], [low + 2, far(2 - t)]];
  };
}

function tapsOf({ attributes }: GradientScope): Taps {
  const mode = attributes.string("mode", "nearest");
  if (mode === "linear") return linear;
  if (mode === "cubic") return cubic(attributes.float("cubic_coeff_a", -0.75));
  const round = attributes.choice("nearest_mode", ROUNDINGS, "round_prefer_floor");
  return (at) => [[round(at), 1]];
}

function matrixOf(scope: GradientScope, axis: ResizedAxis): Matrix {
  const place = COORDINATES[coordinateMode(scope)];
  const taps = tapsOf(scope);
  const excludes = scope.attributes.int("exclude_outside", 0) === 1;
  const matrix = zeroMatrix(axis.output, axis.input);
  for (let i = 0; i < axis.output; i++) {
    const all = taps(place(i, axis));
    const inside = excludes ? all.filter(([at]) => at >= 0 && at < axis.input) : all;
    const sum = excludes ? inside.reduce((total, [, weight]) => total + weight, 0) : 1;
    for (const [at, weight] of inside) {
      const clamped = Math.min(Math.max(at, 0), axis.input - 1);
      matrix.data[i * axis.input + clamped] += weight / sum;
    }
  }
  return matrix;
}

const coordinateMode = ({ attributes }: GradientScope) =>
  attributes.string("coordinate_transformation_mode", "half_pixel");

/** A region of the map that is resized, in shares of its extent. */
const CROPPED = "tf_crop_and_resize";

const isCropped = (scope: GradientScope) => coordinateMode(scope) === CROPPED;

/** Whether the runtime is asked for the matrix: filters that reach as far as the scale says. */
const isMeasured = (scope: GradientScope) =>
  isCropped(scope) || scope.attributes.int("antialias", 0) === 1;

/**
 * The matrix of a resized axis as the runtime itself computes it, [output, input]: what becomes of
 * an image of ones on the diagonal.
 */
function measuredMatrix(scope: GradientScope, { input, output, scale }: ResizedAxis, i: number) {
  const { emit: e, attributes } = scope;
  const hasScales = scope.has(2) && scope.value(2).length > 0;
  const eye = zeroMatrix(input, input).data;
  for (let at = 0; at < input; at++) eye[at * input + at] = 1;
  const region = () => {
    const all = scope.value(1);
    const [start, end] = [all[i], all[i + all.length / 2]];
    return e.array([0, 0, start, 0, 1, 1, end, 1], [8], scope.x(1));
  };
  const target = hasScales
    ? [e.array([1, 1, scale, 1], [4], scope.x(2))]
    : ["", e.ints([1, 1, output, input])];
  const made = e.op(
    "Resize",
    [
      e.array(eye, [1, 1, input, input], scope.dy()),
      isCropped(scope) ? region() : "",
      ...target,
    ],
    {
      antialias: attributes.int("antialias", 0),
      coordinate_transformation_mode: coordinateMode(scope),
      cubic_coeff_a: float(attributes.float("cubic_coeff_a", -0.75)),
      exclude_outside: attributes.int("exclude_outside", 0),
      mode: attributes.string("mode", "nearest"),
      nearest_mode: attributes.string("nearest_mode", "round_prefer_floor"),
    },
  );
  return e.reshape(made, [output, input]);
}

function refuse(scope: GradientScope): void {
  const mode = coordinateMode(scope);
  if (mode === CROPPED || Object.hasOwn(COORDINATES, mode)) return;
  throw new InputError(
    `Cannot differentiate Resize "${scope.y()}": the coordinate mode "${mode}" is not supported`,
  );
}

/** Y = X interpolated: a linear map along each resized axis; dX is its transpose. */
export const resizeGradient: GradientRule = (scope) => {
  refuse(scope);
  const { emit: e, dims } = scope;
  const output = e.dims(scope.y());
  // ONNX Runtime copies where no extent changes, whatever the scales are, but for regions.
  const isSame = output.every((extent, axis) => extent === dims(0)[axis]);
  if (isSame && !isCropped(scope)) return [scope.dy()];
  const axes = scope.attributes.ints("axes", dims(0).map((_, axis) => axis))
    .map((axis) => normalizeAxis(axis, dims(0).length));
  const scales = scope.has(2) && scope.value(2).length > 0 ? scope.value(2) : undefined;
  const gradient = axes.reduce((value, axis, i) => {
    const [from, to] = [dims(0)[axis], output[axis]];
    const scale = f(scales?.[i] ?? to / from);
    const resized = { input: from, output: to, scale };
    // Images and channels are never cut.
    if (from === to && scale === 1 && (axis < 2 || !isCropped(scope))) return value;
    return isMeasured(scope)
      ? multiplyAlong(e, value, axis, measuredMatrix(scope, resized, i))
      : applyTransposed(e, value, axis, matrixOf(scope, resized));
  }, scope.dy());
  return [gradient];
};
