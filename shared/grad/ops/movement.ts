import { normalizeAxis } from "../../onnx/mod.ts";
import { sliceAxes, splitSizes } from "../../onnx/shape/movement_rules.ts";
import type { GradientRow, GradientScope } from "../gradient_scope.ts";

/** Operators that only rename axes: the gradient takes the input's shape. */
const reshaped: GradientRow = {
  rule: ({ emit: e, dims, dy }) => [e.reshape(dy(), dims(0))],
};

const transpose: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }) => {
    const perm = attributes.ints("perm", dims(0).map((_, i) => dims(0).length - 1 - i));
    return [e.transpose(dy(), perm.map((_, axis) => perm.indexOf(axis)))];
  },
};

const axisOf = (scope: GradientScope, fallback: number) =>
  normalizeAxis(scope.attributes.int("axis", fallback), scope.dims(0).length);

const concat: GradientRow = {
  rule: (scope) => {
    const axis = axisOf(scope, 0);
    let start = 0;
    return scope.node.input.map((_, i) => {
      const from = start;
      start += scope.dims(i)[axis];
      return scope.wants(i) ? scope.emit.slice(scope.dy(), axis, from, start) : null;
    });
  },
};

const split: GradientRow = {
  outputs: Infinity,
  rule: (scope) => [
    scope.emit.concat(splitSizes(scope).map((_, i) => scope.dy(i)), axisOf(scope, 0)),
  ],
};

/** What was left out gets zeros; a step leaves gaps, and a negative one turns the order round. */
const slice: GradientRow = {
  rule: (scope) => {
    const { emit: e } = scope;
    let gradient = scope.dy();
    for (const { axis, start, step, count } of sliceAxes(scope)) {
      const extent = scope.dims(0)[axis];
      if (count === 0) return [e.zerosLike(scope.x(0))];
      const first = step > 0 ? start : start + (count - 1) * step;
      if (step < 0) gradient = e.slice(gradient, axis, count - 1, -(count + 1), -1);
      gradient = spreadAxis(scope, gradient, axis, Math.abs(step));
      const rank = e.dims(gradient).length;
      const at = (amount: number) =>
        Array.from({ length: rank }, (_, i) => i === axis ? amount : 0);
      gradient = e.pad(gradient, at(first), at(extent - first - e.dims(gradient)[axis]));
    }
    return [gradient];
  },
};

/** `step - 1` zeros between neighbours along an axis. */
function spreadAxis({ emit: e }: GradientScope, value: string, axis: number, step: number): string {
  if (step === 1) return value;
  const dims = e.dims(value);
  const columns = [...dims.slice(0, axis + 1), 1, ...dims.slice(axis + 1)];
  const end = columns.map((_, i) => i === axis + 1 ? step - 1 : 0);
  const wide = e.pad(e.reshape(value, columns), columns.map(() => 0), end);
  const flat = e.reshape(wide, dims.map((extent, i) => i === axis ? extent * step : extent));
  return e.slice(flat, axis, 0, (dims[axis] - 1) * step + 1);
}

/** The driver sums what was repeated. */
const expand: GradientRow = { rule: ({ dy }) => [dy()] };

const tile: GradientRow = {
  rule: (scope) => {
    const { emit: e } = scope;
    const dims = scope.dims(0);
    const split = dims.flatMap((extent, axis) => [scope.value(1)[axis], extent]);
    const copies = dims.map((_, axis) => axis * 2);
    return [e.reshape(e.reduceSum(e.reshape(scope.dy(), split), copies), dims)];
  },
};

const depthToSpace: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }) => {
    const [n, c, h, w] = dims(0);
    const b = attributes.int("blocksize", 1);
    const rows = e.reshape(dy(), [n, c / (b * b), h, b, w, b]);
    const isColumnRow = attributes.string("mode", "DCR") === "CRD";
    return [
      e.reshape(e.transpose(rows, isColumnRow ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]), dims(0)),
    ];
  },
};

const spaceToDepth: GradientRow = {
  rule: ({ emit: e, attributes, dims, dy }) => {
    const [n, c, h, w] = dims(0);
    const b = attributes.int("blocksize", 1);
    const split = e.reshape(dy(), [n, b, b, c, h / b, w / b]);
    return [e.reshape(e.transpose(split, [0, 3, 4, 1, 5, 2]), dims(0))];
  },
};

/** A running sum; going back it runs the other way. */
const cumSum: GradientRow = {
  rule: ({ emit: e, attributes, x, dy }) => [
    e.op("CumSum", [dy(), x(1)], {
      exclusive: attributes.int("exclusive", 0),
      reverse: 1 - attributes.int("reverse", 0),
    }),
    null,
  ],
};

/** The beginnings of sequences turned round; the gradient is turned round in the same way. */
const reverseSequence: GradientRow = {
  rule: ({ emit: e, attributes, x, dy }) => [
    e.op("ReverseSequence", [dy(), x(1)], {
      batch_axis: attributes.int("batch_axis", 1),
      time_axis: attributes.int("time_axis", 0),
    }),
    null,
  ],
};

/** A triangle of each matrix, the rest zeros. */
const trilu: GradientRow = {
  rule: ({ emit: e, attributes, has, x, dy }) => {
    const inputs = has(1) ? [dy(), x(1)] : [dy()];
    return [e.op("Trilu", inputs, { upper: attributes.int("upper", 1) })];
  },
};

export const movementRules = {
  Concat: concat,
  CumSum: cumSum,
  DepthToSpace: depthToSpace,
  Expand: expand,
  Flatten: reshaped,
  Reshape: reshaped,
  ReverseSequence: reverseSequence,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: reshaped,
  Tile: tile,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: reshaped,
} as const satisfies Record<string, GradientRow>;
