import type { Box } from "../image/mod.ts";
import { Attributes, type Fact, GraphIndex, type NodeProto, operatorOf } from "../onnx/mod.ts";
import { windowOf } from "../onnx/shape/window.ts";
import type { Axes as PlaceAxes } from "./axes/axis.ts";
import { mapAxesOf } from "./axes/map_axes.ts";
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
  /** The inputs that depend on the image. */
  readonly varying: readonly string[];
}

/** The field of a node's output from that of its input; undefined where it is the whole image. */
type Rule = (scope: Scope, field: Axes) => Axes | undefined;

/**
 * The receptive field of a layer by arithmetic on sizes, strides and offsets; of layers that join
 * several ways, the smallest box around all of them.
 *
 * @param layer Its alias, or its tensor's name.
 */
export function receptiveField(network: Network, layer: string): ReceptiveField {
  const { facts, file, inputName, axes: places, inputDims: [, , height, width] } = network;
  const tensor = network.hasLayer(layer) ? network.tensorOf(layer) : layer;
  const index = new GraphIndex(file.graph);
  const self: FieldAxis = { start: 0, stride: 1, size: 1 };
  const fields = new Map<string, Axes | undefined>([[inputName, [self, self]]]);
  for (const node of index.ancestors([tensor])) {
    const varying = node.input.filter((name) => fields.has(name));
    if (varying.length === 0) continue;
    const read = union(varying.map((name) => fields.get(name)));
    const scope = { node, attributes: new Attributes(node), facts, varying };
    const field = read && (ruleOf(node)?.(scope, read) ??
      (staysInPlace(node, varying, places) ? read : undefined));
    for (const name of node.output) if (name !== "") fields.set(name, field);
  }
  const axes = fields.get(tensor);
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

/**
 * Whether the positions of a map stay where they are, whatever its layout: channels last, tokens
 * with a class token before them. Then nothing but channels may have been mixed.
 */
function staysInPlace(
  node: NodeProto,
  varying: readonly string[],
  places: ReadonlyMap<string, PlaceAxes>,
): boolean {
  const mapOf = (name: string) => {
    const axes = places.get(name);
    return axes && mapAxesOf(axes);
  };
  const to = mapOf(node.output.find((name) => name !== "") ?? "");
  const from = varying.map(mapOf);
  const areKept = to !== undefined &&
    from.every((map) => map?.height === to.height && map.width === to.width);
  const operator = operatorOf(node);
  if (!areKept || operator === undefined) return false;
  if (operator.isLocal || operator.kind === "view") return true;
  const mixed = mixedAxes(node, varying[0], places.get(varying[0])!.length);
  return mixed?.every((axis) => from[0]!.channels.includes(axis)) ?? false;
}

/** The axes of `read` along which an operator mixes values; undefined where that is not known. */
function mixedAxes(node: NodeProto, read: string, rank: number): readonly number[] | undefined {
  const axis = new Attributes(node).int("axis", -1);
  const first = axis < 0 ? axis + rank : axis;
  const after = Array.from({ length: rank - first }, (_, i) => first + i);
  const mixing: Readonly<Record<string, readonly number[]>> = {
    MatMul: [read === node.input[0] ? rank - 1 : rank - 2],
    LayerNormalization: after,
    RMSNormalization: after,
    LpNormalization: [first],
    Softmax: [first],
  };
  return Object.hasOwn(mixing, node.opType ?? "") ? mixing[node.opType!] : undefined;
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

function ruleOf(node: NodeProto): Rule | undefined {
  const operator = operatorOf(node);
  if (operator === undefined) return undefined;
  return RULES[node.opType ?? ""] ??
    (operator.isLocal || operator.kind === "view" ? inPlace : undefined);
}
