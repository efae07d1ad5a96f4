import { InputError } from "../../errors.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { MAX_RANK } from "../limits.ts";
import { broadcastDims } from "./broadcast.ts";
import {
  normalizeAxes,
  normalizeAxis,
  type ShapeRule,
  type ShapeRules,
  type ShapeScope,
} from "./fact.ts";

const like = (scope: ShapeScope, dims: readonly number[]) => [{ type: scope.fact(0).type, dims }];

const reshape: ShapeRule = (scope) => {
  const input = scope.dims(0);
  const allowZero = scope.attributes.int("allowzero", 0) === 1;
  const dims = scope.value(1).map((extent, i) => extent === 0 && !allowZero ? input[i] : extent);
  const known = elementCount(dims.filter((extent) => extent !== -1));
  const rest = elementCount(input) / known;
  const result = dims.map((extent) => extent === -1 ? rest : extent);
  if (elementCount(result) !== elementCount(input) || !result.every(Number.isInteger)) {
    throw new InputError(`[${input}] cannot take the shape [${scope.value(1)}]`);
  }
  return like(scope, result);
};

const flatten: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const axis = scope.attributes.int("axis", 1);
  const split = axis < 0 ? axis + dims.length : axis;
  return like(scope, [elementCount(dims.slice(0, split)), elementCount(dims.slice(split))]);
};

const transpose: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const order = scope.attributes.ints("perm", dims.map((_, i) => dims.length - 1 - i));
  return like(scope, order.map((axis) => dims[axis]));
};

const squeeze: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const axes = scope.has(1)
    ? normalizeAxes(scope.value(1), dims.length)
    : dims.flatMap((extent, axis) => extent === 1 ? [axis] : []);
  return like(scope, dims.filter((_, axis) => !axes.includes(axis)));
};

const unsqueeze: ShapeRule = (scope) => {
  const dims = [...scope.dims(0)];
  const rank = dims.length + scope.value(1).length;
  if (rank > MAX_RANK) throw new InputError(`it makes ${rank} axes, expected ${MAX_RANK} at most`);
  const axes = normalizeAxes(scope.value(1), rank);
  return like(
    scope,
    Array.from({ length: rank }, (_, axis) => axes.includes(axis) ? 1 : dims.shift()!),
  );
};

const concat: ShapeRule = (scope) => {
  const first = scope.dims(0);
  const axis = normalizeAxis(scope.attributes.int("axis", 0), first.length);
  let total = 0;
  for (let i = 0; i < scope.inputCount; i++) total += scope.dims(i)[axis];
  return like(scope, first.map((extent, i) => i === axis ? total : extent));
};

/** Extents of the parts of a Split along its axis. */
export function splitSizes(
  scope: Pick<ShapeScope, "attributes" | "has" | "value" | "dims" | "node">,
): number[] {
  if (scope.has(1)) return scope.value(1).slice(0, scope.node.output.length);
  const dims = scope.dims(0);
  const total = dims[normalizeAxis(scope.attributes.int("axis", 0), dims.length)];
  const made = scope.node.output.length;
  const parts = scope.attributes.int("num_outputs") ?? made;
  if (parts !== made) {
    throw new InputError(`num_outputs is ${parts}, expected ${made}, the outputs it has`);
  }
  const size = Math.ceil(total / parts);
  return Array.from({ length: parts }, (_, i) => Math.min(size, total - i * size));
}

const split: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const axis = normalizeAxis(scope.attributes.int("axis", 0), dims.length);
  return splitSizes(scope).flatMap((size) =>
    like(scope, dims.map((extent, i) => i === axis ? size : extent))
  );
};

/** One axis of a Slice with everything spelled out: `count` elements from `start` by `step`. */
export interface SliceAxis {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** The sliced axes of a Slice, clamped as NumPy does. */
export function sliceAxes(scope: Pick<ShapeScope, "has" | "value" | "dims">): SliceAxis[] {
  const dims = scope.dims(0);
  const starts = scope.value(1);
  const ends = scope.value(2);
  const axes = normalizeAxes(scope.has(3) ? scope.value(3) : starts.map((_, i) => i), dims.length);
  const steps = scope.has(4) ? scope.value(4) : starts.map(() => 1);
  return axes.map((axis, i) => {
    const [extent, step] = [dims[axis], steps[i]];
    const clamp = (at: number) => {
      const from = at < 0 ? at + extent : at;
      return step > 0
        ? Math.min(Math.max(from, 0), extent)
        : Math.min(Math.max(from, -1), extent - 1);
    };
    const start = clamp(starts[i]);
    const count = Math.max(0, Math.ceil((clamp(ends[i]) - start) / step));
    return { axis, start, step, count };
  });
}

const slice: ShapeRule = (scope) => {
  const dims = [...scope.dims(0)];
  for (const { axis, count } of sliceAxes(scope)) dims[axis] = count;
  return like(scope, dims);
};

const gather: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const axis = normalizeAxis(scope.attributes.int("axis", 0), dims.length);
  return like(scope, [...dims.slice(0, axis), ...scope.dims(1), ...dims.slice(axis + 1)]);
};

const gatherND: ShapeRule = (scope) => {
  const [dims, indices] = [scope.dims(0), scope.dims(1)];
  const batch = scope.attributes.int("batch_dims", 0);
  return like(scope, [...indices.slice(0, -1), ...dims.slice(batch + indices.at(-1)!)]);
};

/** Elements added before and after each axis of a Pad; negative ones are cut off. */
export function padAmounts(
  scope: Pick<ShapeScope, "has" | "value" | "dims">,
): { begin: number[]; end: number[] } {
  const rank = scope.dims(0).length;
  const pads = scope.value(1);
  const axes = scope.has(3)
    ? normalizeAxes(scope.value(3), rank)
    : Array.from({ length: rank }, (_, axis) => axis);
  const begin = new Array<number>(rank).fill(0);
  const end = new Array<number>(rank).fill(0);
  axes.forEach((axis, i) => {
    begin[axis] = pads[i];
    end[axis] = pads[i + axes.length];
  });
  return { begin, end };
}

const pad: ShapeRule = (scope) => {
  const { begin, end } = padAmounts(scope);
  return like(scope, scope.dims(0).map((extent, axis) => extent + begin[axis] + end[axis]));
};

const resize: ShapeRule = (scope) => {
  const dims = scope.dims(0);
  const named = scope.attributes.ints("axes", dims.map((_, axis) => axis));
  const given = normalizeAxes(named, dims.length);
  const result = [...dims];
  const hasSizes = scope.has(3);
  const numbers = scope.value(hasSizes ? 3 : 2);
  given.forEach((axis, i) => {
    // In float32, as runtimes multiply: 10 times 0.7 is 7 there, and less in float64.
    result[axis] = hasSizes ? numbers[i] : Math.floor(Math.fround(dims[axis] * numbers[i]));
  });
  const policy = scope.attributes.string("keep_aspect_ratio_policy", "stretch");
  if (hasSizes && policy !== "stretch") {
    const ratios = given.map((axis, i) => Math.fround(numbers[i] / dims[axis]));
    const ratio = policy === "not_larger" ? Math.min(...ratios) : Math.max(...ratios);
    for (const axis of given) result[axis] = Math.round(Math.fround(dims[axis] * ratio));
  }
  return like(scope, result);
};

const centerCropPad: ShapeRule = (scope) => {
  const dims = [...scope.dims(0)];
  const axes = normalizeAxes(scope.attributes.ints("axes", dims.map((_, i) => i)), dims.length);
  axes.forEach((axis, i) => dims[axis] = scope.value(1)[i]);
  return like(scope, dims);
};

const depthToSpace: ShapeRule = (scope) => {
  const [n, c, h, w] = scope.dims(0);
  const block = scope.attributes.int("blocksize", 1);
  return like(scope, [n, c / block ** 2, h * block, w * block]);
};

const spaceToDepth: ShapeRule = (scope) => {
  const [n, c, h, w] = scope.dims(0);
  const block = scope.attributes.int("blocksize", 1);
  return like(scope, [n, c * block ** 2, h / block, w / block]);
};

export const movementRules: ShapeRules = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: (scope) => like(scope, scope.dims(1)),
  GatherND: gatherND,
  Expand: (scope) => like(scope, broadcastDims(scope.dims(0), scope.value(1))),
  Tile: (scope) => like(scope, scope.dims(0).map((extent, i) => extent * scope.value(1)[i])),
  CenterCropPad: centerCropPad,
  RotaryEmbedding: (scope) => like(scope, scope.dims(0)),
  AffineGrid: (scope) => {
    const [n, , ...extents] = scope.value(1);
    return like(scope, [n, ...extents, extents.length]);
  },
  GridSample: (scope) => like(scope, [...scope.dims(0).slice(0, 2), ...scope.dims(1).slice(1, -1)]),
  RoiAlign: (scope) => {
    const { attributes } = scope;
    const extents = ["output_height", "output_width"].map((name) => attributes.int(name, 1));
    return like(scope, [scope.dims(1)[0], scope.dims(0)[1], ...extents]);
  },
  Pad: pad,
  Resize: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
