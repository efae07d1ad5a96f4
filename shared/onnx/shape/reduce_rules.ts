import {
  normalizeAxes,
  normalizeAxis,
  type ShapeRule,
  type ShapeRules,
  type ShapeScope,
} from "./fact.ts";

/** The axes a reduction runs over; none given means all, unless the node says otherwise. */
export function reducedAxes(
  scope: Pick<ShapeScope, "attributes" | "has" | "value" | "dims">,
): number[] {
  const rank = scope.dims(0).length;
  const given = scope.has(1) ? scope.value(1) : [];
  if (given.length > 0) return normalizeAxes(given, rank).sort((a, b) => a - b);
  return scope.attributes.int("noop_with_empty_axes", 0) === 1
    ? []
    : Array.from({ length: rank }, (_, axis) => axis);
}

function reducedDims(scope: ShapeScope, axes: readonly number[]): number[] {
  const keep = scope.attributes.int("keepdims", 1) === 1;
  return scope.dims(0).flatMap((extent, axis) =>
    axes.includes(axis) ? (keep ? [1] : []) : [extent]
  );
}

const reduce: ShapeRule = (scope) => [{
  type: scope.fact(0).type,
  dims: reducedDims(scope, reducedAxes(scope)),
}];

const argReduce: ShapeRule = (scope) => {
  const axis = normalizeAxis(scope.attributes.int("axis", 0), scope.dims(0).length);
  return [{ type: "int64", dims: reducedDims(scope, [axis]) }];
};

const topK: ShapeRule = (scope) => {
  const axis = normalizeAxis(scope.attributes.int("axis", -1), scope.dims(0).length);
  const dims = scope.dims(0).map((extent, i) => i === axis ? scope.value(1)[0] : extent);
  return [{ type: scope.fact(0).type, dims }, { type: "int64", dims }];
};

const REDUCTIONS = `ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin
  ReduceProd ReduceSum ReduceSumSquare`.split(/\s+/);

export const reduceRules: ShapeRules = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [name, reduce])),
  ArgMax: argReduce,
  ArgMin: argReduce,
  TopK: topK,
};
