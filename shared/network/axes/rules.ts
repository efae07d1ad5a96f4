import {
  type Attributes,
  type Fact,
  type NodeProto,
  normalizeAxis,
  operatorOf,
} from "../../onnx/mod.ts";
import { parseEinsum } from "../../onnx/shape/einsum_equation.ts";
import {
  type Axes,
  type Axis,
  extentOf,
  isPlaced,
  joined,
  other,
  resized,
  sliced,
} from "./axis.ts";
import { regrouped } from "./regroup.ts";

/** What a rule sees of its node and of one of its outputs. */
export interface AxesScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  readonly facts: ReadonlyMap<string, Fact>;
  /** Which output, and its shape. */
  readonly output: number;
  readonly dims: readonly number[];
  /** The axes of an input; of one that does not depend on the image, without positions. */
  axes(input: number): Axes | undefined;
}

/** The axes of an output; undefined where it is not known what became of rows and columns. */
export type AxesRule = (scope: AxesScope) => Axes | undefined;

const factOf = ({ node, facts }: AxesScope, i: number) => facts.get(node.input[i] ?? "");

/** Axes or sizes, as an attribute or as the input where newer versions of an operator have them. */
const listOf = (scope: AxesScope, name: string, input: number) =>
  scope.attributes.ints(name) ?? factOf(scope, input)?.value;

const countOf = ({ node }: AxesScope) => node.input.length;

/** Every axis known, or none. */
const all = (axes: readonly (Axis | undefined)[]): Axes | undefined =>
  axes.every((axis) => axis !== undefined) ? axes as Axes : undefined;

/** Inputs are broadcast, and an axis is that of the input that has it at this extent. */
const broadcast: AxesRule = (scope) => {
  const inputs = scope.node.input.flatMap((name, i) => name === "" ? [] : [scope.axes(i)]);
  if (inputs.some((axes) => axes === undefined)) return undefined;
  return scope.dims.map((extent, a) => {
    const at = inputs.map((axes) => axes!.at(a - scope.dims.length))
      .filter((axis): axis is Axis => axis !== undefined && extentOf(axis) === extent);
    return at.find(isPlaced) ?? at[0] ?? other(extent);
  });
};

/** An axis that keeps its extent keeps what it is. */
const kept: AxesRule = (scope) => {
  const axes = scope.axes(0);
  const isSame = axes?.length === scope.dims.length &&
    axes.every((axis, a) => extentOf(axis) === scope.dims[a]);
  return isSame ? axes : undefined;
};

/** [N, C, ...]: a map of more or fewer positions. */
const onMaps = (keepsChannels: boolean): AxesRule => (scope) => {
  const axes = scope.axes(0);
  return axes && axes.length === scope.dims.length
    ? all(
      axes.map((axis, a) =>
        extentOf(axis) === scope.dims[a] && (a !== 1 || keepsChannels)
          ? axis
          : a === 1
          ? other(scope.dims[a])
          : resized(axis, scope.dims[a])
      ),
    )
    : undefined;
};

const transposed: AxesRule = (scope) => {
  const axes = scope.axes(0);
  const order = scope.attributes.ints("perm") ?? axes?.map((_, i) => axes.length - 1 - i);
  return axes && order?.map((a) => axes[a]);
};

const reshaped: AxesRule = (scope) => {
  const axes = scope.axes(0);
  return axes && regrouped(axes, scope.dims);
};

const cut: AxesRule = (scope) => {
  const axes = scope.axes(0);
  const starts = listOf(scope, "starts", 1);
  const named = listOf(scope, "axes", 3) ?? starts?.map((_, i) => i);
  if (!axes || !starts || !named) return undefined;
  const steps = factOf(scope, 4)?.value;
  return axes.map((axis, a) => {
    const i = named.findIndex((one) => normalizeAxis(one, axes.length) === a);
    const extent = extentOf(axis);
    if (i < 0 || (scope.dims[a] === extent && (steps?.[i] ?? 1) === 1)) return axis;
    const start = starts[i] < 0 ? Math.max(0, starts[i] + extent) : Math.min(starts[i], extent);
    return sliced(axis, start, scope.dims[a], steps?.[i] ?? 1);
  });
};

const parted: AxesRule = (scope) => {
  const axes = scope.axes(0);
  if (!axes) return undefined;
  const at = normalizeAxis(scope.attributes.int("axis", 0), axes.length);
  const start = scope.node.output.slice(0, scope.output)
    .reduce((sum, name) => sum + (scope.facts.get(name)?.dims[at] ?? NaN), 0);
  return axes.map((axis, a) => a === at ? sliced(axis, start, scope.dims[a], 1) : axis);
};

const concatenated: AxesRule = (scope) => {
  const inputs = Array.from({ length: countOf(scope) }, (_, i) => scope.axes(i));
  if (inputs.some((axes) => axes === undefined)) return undefined;
  const at = normalizeAxis(scope.attributes.int("axis", 0), scope.dims.length);
  return all(scope.dims.map((_, a) => {
    const axes = inputs.map((one) => one![a]);
    return a === at ? joined(axes) : axes.find(isPlaced) ?? axes[0];
  }));
};

const gathered: AxesRule = (scope) => {
  const axes = scope.axes(0);
  const indices = factOf(scope, 1);
  if (!axes || !indices) return undefined;
  const at = normalizeAxis(scope.attributes.int("axis", 0), axes.length);
  const chosen = indices.dims.map(other);
  return [...axes.slice(0, at), ...chosen, ...axes.slice(at + 1)];
};

const padded: AxesRule = (scope) => {
  const axes = scope.axes(0);
  const pads = listOf(scope, "pads", 1);
  const named = factOf(scope, 3)?.value ?? axes?.map((_, a) => a);
  if (!axes || !pads || !named) return undefined;
  return all(axes.map((axis, a) => {
    if (extentOf(axis) === scope.dims[a]) return axis;
    const i = named.findIndex((one) => normalizeAxis(one, axes.length) === a);
    if (resized(axis, scope.dims[a])) return resized(axis, scope.dims[a]);
    return joined([other(pads[i]), axis, other(pads[i + named.length])]);
  }));
};

const reduced: AxesRule = (scope) => {
  const axes = scope.axes(0);
  if (!axes) return undefined;
  const listed = listOf(scope, "axes", 1) ?? axes.map((_, a) => a);
  const gone = new Set(listed.map((axis) => normalizeAxis(axis, axes.length)));
  return scope.attributes.int("keepdims", 1) === 0
    ? axes.filter((_, a) => !gone.has(a))
    : axes.map((axis, a) => gone.has(a) ? resized(axis, 1) ?? other(1) : axis);
};

/** Repeated values have no place. */
const repeated: AxesRule = (scope) => {
  const axes = scope.axes(0);
  return axes && scope.dims.map((extent, a) => {
    const axis = axes.at(a - scope.dims.length);
    return axis && extentOf(axis) === extent ? axis : other(extent);
  });
};

/** [..., M, K] x [..., K, N]: rows of the first, columns of the second. */
const multiplied: AxesRule = (scope) => {
  const [a, b] = [scope.axes(0), scope.axes(1)];
  if (!a || !b || a.length < 2 || b.length < 2) return undefined;
  const batch = scope.dims.slice(0, -2).map((extent, i) => {
    const from = i - (scope.dims.length - 2);
    const at = [a.slice(0, -2).at(from), b.slice(0, -2).at(from)]
      .filter((axis): axis is Axis => axis !== undefined && extentOf(axis) === extent);
    return at.find(isPlaced) ?? at[0] ?? other(extent);
  });
  return [...batch, a[a.length - 2], b[b.length - 1]];
};

const gemm: AxesRule = (scope) => {
  const [a, b] = [scope.axes(0), scope.axes(1)];
  if (!a || !b) return undefined;
  return [a[scope.attributes.int("transA", 0)], b[1 - scope.attributes.int("transB", 0)]];
};

const einsum: AxesRule = (scope) => {
  const inputs = scope.node.input.map((_, i) => scope.axes(i));
  if (inputs.some((axes) => axes === undefined)) return undefined;
  const shapes = inputs.map((axes) => axes!.map(extentOf));
  const { inputs: labels, output, extents } = parseEinsum(
    scope.attributes.string("equation", ""),
    shapes,
  );
  return [...output].map((label) => {
    const at = labels.flatMap((term, i) => {
      const axis = inputs[i]![term.indexOf(label)];
      return axis && extentOf(axis) === extents.get(label) ? [axis] : [];
    });
    return at.find(isPlaced) ?? at[0] ?? other(extents.get(label)!);
  });
};

/** Queries keep their places, whatever they read. */
const attended: AxesRule = (scope) => {
  const axes = scope.output === 0 ? scope.axes(0) : undefined;
  return axes && [...axes.slice(0, -1), other(scope.dims[axes.length - 1])];
};

const table = (names: string, rule: AxesRule): Readonly<Record<string, AxesRule>> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, rule]));

/** Operators after which axes are others than before. */
const RULES: ReadonlyMap<string, AxesRule> = new Map(Object.entries({
  ...table("Flatten Reshape Squeeze Unsqueeze", reshaped),
  ...table(
    "Conv ConvInteger ConvTranspose DeformConv QLinearConv DepthToSpace SpaceToDepth",
    onMaps(false),
  ),
  // The same extents are other places.
  ...table("DFT ReverseSequence RoiAlign", () => undefined),
  ...table(
    "AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool Resize Upsample",
    onMaps(true),
  ),
  ...table(
    `ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd
    ReduceSum ReduceSumSquare`,
    reduced,
  ),
  ...table("Expand Tile", repeated),
  Attention: attended,
  Concat: concatenated,
  Einsum: einsum,
  Gather: gathered,
  Gemm: gemm,
  MatMul: multiplied,
  Pad: padded,
  Slice: cut,
  Split: parted,
  Transpose: transposed,
}));

/** The rule of a node; an operator that is not known may keep its input's shape. */
export function axesRule(node: NodeProto): AxesRule {
  const operator = operatorOf(node);
  const rule = operator || node.opType === "Attention" ? RULES.get(node.opType ?? "") : undefined;
  return rule ?? (operator?.kind === "pointwise" ? broadcast : kept);
}
