import type { Box } from "../image/mod.ts";
import { Attributes, type Fact, GraphIndex, type NodeProto, operatorOf } from "../onnx/mod.ts";
import { windowOf } from "../onnx/shape/window.ts";
import { isChannelsFirst, type MapAxes, mapAxesOf } from "./axes/map_axes.ts";
import type { Network } from "./network.ts";

/** Which pixels along one axis a position sees: those from start + position * stride, `size` many. */
export interface FieldAxis {
  readonly start: number;
  readonly stride: number;
  readonly size: number;
}

/** What each position of a layer can see of the image. */
export interface ReceptiveField {
  /** Pixels of the image, beyond its border too; all of it where a position sees everything. */
  readonly width: number;
  readonly height: number;
  /** Whether every position sees the whole image, or it is not known that it sees less. */
  readonly isWhole: boolean;
  /** What the unit at a position sees, beyond the border of the image too. */
  boxAt(row: number, column: number): Box;
}

type Axes = readonly [rows: FieldAxis, columns: FieldAxis];

/** What a rule sees of its node. */
interface Scope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  readonly facts: ReadonlyMap<string, Fact>;
  /** Where rows and columns are in a tensor; undefined where it is no map, or not known. */
  readonly mapOf: (tensor: string) => MapAxes | undefined;
  /** The inputs that depend on the image. */
  readonly varying: readonly string[];
}

/** The field of a node's output from that of its input; undefined where it is the whole image. */
type Rule = (scope: Scope, field: Axes) => Axes | undefined;

/**
 * The receptive field of a layer by arithmetic on sizes, strides and offsets; of layers that join
 * several ways, the smallest box around all of them.
 *
 * @param tensor Name of the layer's tensor, or of its view.
 */
export function receptiveField(network: Network, tensor: string): ReceptiveField {
  const { facts, file, axes: known, inputName, inputDims: [, , height, width] } = network;
  const mapOf = (name: string) => known.has(name) ? mapAxesOf(known.get(name)!) : undefined;
  // A view is no other map.
  const layer = network.tensorOf(tensor);
  const index = new GraphIndex(file.graph);
  const self: FieldAxis = { start: 0, stride: 1, size: 1 };
  const fields = new Map<string, Axes | undefined>([[inputName, [self, self]]]);
  for (const node of index.ancestors([layer])) {
    const varying = node.input.filter((name) => fields.has(name));
    if (varying.length === 0) continue;
    const read = union(varying.map((name) => fields.get(name)));
    const scope = { node, attributes: new Attributes(node), facts, mapOf, varying };
    const field = read && fieldOf(scope, read);
    for (const name of node.output) if (name !== "") fields.set(name, field);
  }
  const axes = fields.get(layer);
  if (!axes) {
    const whole = { left: 0, top: 0, width, height };
    return { width, height, isWhole: true, boxAt: () => whole };
  }
  const [rows, columns] = axes;
  return {
    ...{ width: columns.size, height: rows.size, isWhole: false },
    boxAt: (row, column) => ({
      left: columns.start + column * columns.stride,
      top: rows.start + row * rows.stride,
      width: columns.size,
      height: rows.size,
    }),
  };
}

/** The smallest box around all; undefined where they move at different paces. */
function union(fields: readonly (Axes | undefined)[]): Axes | undefined {
  const [first] = fields;
  const known = fields.filter((field) => field !== undefined);
  const isEven = known.length === fields.length &&
    known.every((field) => field.every((axis, a) => axis.stride === first![a].stride));
  if (!isEven) return undefined;
  const around = (a: 0 | 1): FieldAxis => {
    const start = Math.min(...known.map((field) => field[a].start));
    const end = Math.max(...known.map((field) => field[a].start + field[a].size));
    return { start, stride: known[0][a].stride, size: end - start };
  };
  return [around(0), around(1)];
}

const isMap = (fact: Fact | undefined): fact is Fact => (fact?.dims.length ?? 0) > 2;

/** A window that slides over rows and columns. */
const sliding = (kernelOf: (scope: Scope) => readonly number[] | undefined): Rule => {
  return (scope, field) => {
    const spatial = scope.facts.get(scope.node.input[0])?.dims.slice(2);
    const kernel = kernelOf(scope);
    if (spatial?.length !== 2 || kernel?.length !== 2 || scope.varying.length > 1) return undefined;
    const { strides, dilations, padsBegin } = windowOf(scope.attributes, spatial, kernel);
    const widen = ({ start, stride, size }: FieldAxis, a: 0 | 1): FieldAxis => ({
      start: start - padsBegin[a] * stride,
      stride: stride * strides[a],
      size: size + (kernel[a] - 1) * dilations[a] * stride,
    });
    return [widen(field[0], 0), widen(field[1], 1)];
  };
};

/** Every position of the output is made of that position of the inputs. */
const inPlace: Rule = ({ node, facts, varying }, field) => {
  const last = (name: string) => {
    const fact = facts.get(name);
    return isMap(fact) ? fact.dims.slice(-2).join() : undefined;
  };
  const place = last(node.output.find((name) => name !== "") ?? "");
  return place !== undefined && varying.every((name) => last(name) === place) ? field : undefined;
};

/** In place as long as it does not work along rows or columns. */
const along = (axesOf: (scope: Scope, rank: number) => readonly number[] | undefined): Rule => {
  return (scope, field) => {
    const rank = scope.facts.get(scope.node.input[0])?.dims.length ?? 0;
    const axes = axesOf(scope, rank)?.map((axis) => axis < 0 ? axis + rank : axis);
    return axes?.every((axis) => axis < rank - 2) ? inPlace(scope, field) : undefined;
  };
};

const axisOr = (fallback: number) => along(({ attributes }) => [attributes.int("axis", fallback)]);

/** Axes as an attribute, or as the input where newer versions of an operator have them. */
const axesAt = (input: number, { node, attributes, facts }: Scope) =>
  attributes.ints("axes") ?? facts.get(node.input[input] ?? "")?.value;

const pad: Rule = (scope, field) => {
  const { node, attributes, facts } = scope;
  const pads = attributes.ints("pads") ?? facts.get(node.input[1] ?? "")?.value;
  // Padding that repeats pixels makes positions outside see pixels inside.
  const isConstant = attributes.string("mode", "constant") === "constant";
  if (!isConstant || node.input[3] || pads?.length !== 8) return undefined;
  const shift = ({ start, stride, size }: FieldAxis, a: 0 | 1): FieldAxis => ({
    start: start - pads[2 + a] * stride,
    stride,
    size,
  });
  return [shift(field[0], 0), shift(field[1], 1)];
};

const table = (names: string, rule: Rule): Readonly<Record<string, Rule>> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, rule]));

/** Operators that look at more than one place, and say where; any other is taken to see everything. */
const RULES: Readonly<Record<string, Rule>> = {
  ...table("Gather Split", axisOr(0)),
  Concat: axisOr(1),
  ...table("ReduceMax ReduceMean ReduceMin ReduceSum", along((scope) => axesAt(1, scope))),
  Slice: along((scope) => axesAt(3, scope)),
  Transpose: (scope, field) => {
    const order = scope.attributes.ints("perm")?.slice(-2);
    const rank = scope.facts.get(scope.node.input[0])?.dims.length ?? 0;
    return order?.[0] === rank - 2 && order[1] === rank - 1 ? inPlace(scope, field) : undefined;
  },
  Conv: sliding(({ node, facts }) => facts.get(node.input[1])?.dims.slice(2)),
  ...table(
    "AveragePool LpPool MaxPool",
    sliding(({ attributes }) => attributes.ints("kernel_shape")),
  ),
  Pad: pad,
};

function fieldOf(scope: Scope, field: Axes): Axes | undefined {
  const { node, mapOf, varying } = scope;
  const isChannelsLast = varying.map(mapOf).some((map) => map && !isChannelsFirst(map));
  return (isChannelsLast ? undefined : ruleOf(node)?.(scope, field)) ??
    (keepsPositions(scope) ? field : undefined);
}

/** Operators that may move positions as a whole to other axes, or work across channels. */
const ACROSS_CHANNELS = new Set(
  `Concat Flatten Reshape Split Squeeze Transpose Unsqueeze ReduceMax ReduceMean ReduceMin ReduceSum`
    .split(/\s+/),
);

const NORMALISATIONS = new Set(
  "Hardmax LayerNormalization LogSoftmax RMSNormalization Softmax".split(" "),
);

/**
 * Whether every position is made of that position alone, wherever rows and columns are: the map has
 * them all, and nothing is summed along them.
 */
function keepsPositions(scope: Scope): boolean {
  const { node, facts, mapOf, varying } = scope;
  const { opType = "" } = node;
  const extent = (tensor: string) => {
    const map = mapOf(tensor);
    return map && `${map.height} x ${map.width}`;
  };
  const own = extent(node.output.find((name) => name !== "") ?? "");
  if (own === undefined || varying.some((name) => extent(name) !== own)) return false;
  if (ACROSS_CHANNELS.has(opType)) return true;
  // With tokens left out at the ends; backwards they are others.
  if (opType === "Slice") {
    return facts.get(node.input[4] ?? "")?.value?.every((n) => n > 0) ?? !node.input[4];
  }
  if (opType === "MatMul" || opType === "Gemm") return varying.length === 1;
  if (NORMALISATIONS.has(opType)) return !isOverPositions(scope);
  return operatorOf(node)?.kind === "pointwise";
}

/** Whether a normalisation looks along rows or columns. */
function isOverPositions({ node, attributes, facts, mapOf }: Scope): boolean {
  const [x] = node.input;
  const { rows, columns } = mapOf(x)!;
  const rank = facts.get(x)?.dims.length ?? 0;
  const axis = attributes.int("axis", -1);
  const first = axis < 0 ? axis + rank : axis;
  // Of those with a scale, all axes from the first.
  const last = node.input.length > 1 ? rank - 1 : first;
  return [rows, columns].some((a) => a >= first && a <= last);
}

function ruleOf(node: NodeProto): Rule | undefined {
  const operator = operatorOf(node);
  if (operator === undefined) return undefined;
  return RULES[node.opType ?? ""] ??
    (operator.isLocal || operator.kind === "view" ? inPlace : undefined);
}
