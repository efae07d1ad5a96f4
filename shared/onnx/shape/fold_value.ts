import { InputError } from "../../errors.ts";
import { dataTypeName } from "../data_type.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { own } from "../edit.ts";
import { broadcastDims } from "./broadcast.ts";
import { type Fact, MAX_FOLDED, normalizeAxis, type ShapeScope } from "./fact.ts";
import { sliceAxes, splitSizes } from "./movement_rules.ts";
import { reducedAxes } from "./reduce_rules.ts";

/** Elements that folding may make for one graph; shape computations make some thousands. */
const MAX_WORK = 2_000_000;

/** How much folding a graph may still cost; what is not folded is left to the runtime. */
export class FoldBudget {
  #left = MAX_WORK;

  /** Whether `work` (elements made, times what each takes) can still be afforded; if so it is spent. */
  spend(work: number): boolean {
    // Not a comparison with what is left alone: work can be NaN, for shapes out of range.
    if (!(work <= this.#left)) return false;
    this.#left -= work;
    return true;
  }
}

/**
 * Evaluates the operators that shape computations are made of, on values known before anything
 * runs. What is not listed here is simply not folded.
 */

type Values = readonly number[];
type Fold = (scope: ShapeScope, outputs: readonly Fact[]) => readonly Values[];

const isInteger = (fact: Fact) => /int/.test(fact.type);

function unary(f: (a: number) => number): Fold {
  return (scope) => [scope.value(0).map(f)];
}

function binary(f: (a: number, b: number) => number): Fold {
  return (scope, [output]) => {
    const [a, b] = [expand(scope, 0, output.dims), expand(scope, 1, output.dims)];
    return [a.map((value, i) => f(value, b[i]))];
  };
}

/** Row-major strides. */
function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length).fill(1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1] * dims[axis + 1];
  }
  return strides;
}

/** Elements of a tensor of extents `dims` at the coordinates that `from` maps output's to. */
function pick(
  values: Values,
  dims: readonly number[],
  output: readonly number[],
  from: (coordinates: readonly number[]) => readonly number[],
): number[] {
  const strides = stridesOf(dims);
  const outer = stridesOf(output);
  const count = output.reduce((a, b) => a * b, 1);
  return Array.from({ length: count }, (_, i) => {
    const at = from(output.map((extent, axis) => Math.floor(i / outer[axis]) % extent));
    return values[at.reduce((sum, coordinate, axis) => sum + coordinate * strides[axis], 0)];
  });
}

function expand(scope: ShapeScope, input: number, output: readonly number[]): number[] {
  const dims = scope.dims(input);
  const skipped = output.length - dims.length;
  return pick(
    scope.value(input),
    dims,
    output,
    (at) => dims.map((extent, axis) => extent === 1 ? 0 : at[axis + skipped]),
  );
}

const same: Fold = (scope) => [scope.value(0)];

const gather: Fold = (scope, [output]) => {
  const dims = scope.dims(0);
  const axis = normalizeAxis(scope.attributes.int("axis", 0), dims.length);
  const indices = scope.value(1);
  const rank = scope.dims(1).length;
  const strides = stridesOf(scope.dims(1));
  return [pick(scope.value(0), dims, output.dims, (at) => {
    const place = at.slice(axis, axis + rank).reduce((sum, c, i) => sum + c * strides[i], 0);
    const index = indices[place] < 0 ? indices[place] + dims[axis] : indices[place];
    return [...at.slice(0, axis), index, ...at.slice(axis + rank)];
  })];
};

const slice: Fold = (scope, [output]) => {
  const axes = new Map(sliceAxes(scope).map((entry) => [entry.axis, entry]));
  return [pick(scope.value(0), scope.dims(0), output.dims, (at) =>
    at.map((coordinate, axis) => {
      const entry = axes.get(axis);
      return entry ? entry.start + coordinate * entry.step : coordinate;
    }))];
};

const concat: Fold = (scope) => {
  const rank = scope.dims(0).length;
  const axis = normalizeAxis(scope.attributes.int("axis", 0), rank);
  const parts = Array.from({ length: scope.inputCount }, (_, i) => ({
    values: scope.value(i),
    run: elementCount(scope.dims(i).slice(axis)),
  })).filter(({ values }) => values.length > 0);
  // Without elements there are no rows, however many the extents before the axis say.
  const outer = parts.length === 0 ? 0 : elementCount(scope.dims(0).slice(0, axis));
  const result: number[] = [];
  for (let row = 0; row < outer; row++) {
    for (const { values, run } of parts) {
      for (let i = row * run; i < (row + 1) * run; i++) result.push(values[i]);
    }
  }
  return [result];
};

const split: Fold = (scope, outputs) => {
  const dims = scope.dims(0);
  const axis = normalizeAxis(scope.attributes.int("axis", 0), dims.length);
  let start = 0;
  return splitSizes(scope).map((size, i) => {
    const from = start;
    start += size;
    return pick(
      scope.value(0),
      dims,
      outputs[i].dims,
      (at) => at.map((coordinate, k) => k === axis ? coordinate + from : coordinate),
    );
  });
};

function reduction(f: (a: number, b: number) => number): Fold {
  return (scope) => {
    // Shape computations reduce vectors as a whole; anything else is left to the runtime.
    const isWhole = reducedAxes(scope).length === scope.dims(0).length;
    if (!isWhole || scope.value(0).length === 0) throw new InputError("not folded");
    return [[scope.value(0).reduce(f)]];
  };
}

const where: Fold = (scope, [output]) => {
  const [condition, a, b] = [0, 1, 2].map((i) => expand(scope, i, output.dims));
  return [condition.map((chosen, i) => chosen ? a[i] : b[i])];
};

const cast: Fold = (scope) => {
  const type = dataTypeName(scope.attributes.int("to", 1));
  const convert = type === "bool"
    ? (v: number) => v ? 1 : 0
    : /int/.test(type)
    ? Math.trunc
    : Number;
  return [scope.value(0).map((value) => convert(value))];
};

const test = (f: (a: number, b: number) => boolean) => binary((a, b) => f(a, b) ? 1 : 0);

/** ONNX rounds halves to even. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const FOLDS: Readonly<Record<string, Fold>> = {
  Abs: unary(Math.abs),
  Add: binary((a, b) => a + b),
  And: test((a, b) => !!a && !!b),
  Cast: cast,
  Ceil: unary(Math.ceil),
  Concat: concat,
  ConstantOfShape: (scope, [output]) => {
    const fill = Number(scope.attributes.tensor("value")?.data[0] ?? 0);
    return [new Array<number>(output.dims.reduce((a, b) => a * b, 1)).fill(fill)];
  },
  Div: (scope, outputs) =>
    binary(isInteger(outputs[0]) ? (a, b) => Math.trunc(a / b) : (a, b) => a / b)(scope, outputs),
  Equal: test((a, b) => a === b),
  Expand: (scope, [output]) => [expand(scope, 0, output.dims)],
  Flatten: same,
  Floor: unary(Math.floor),
  Gather: gather,
  Greater: test((a, b) => a > b),
  GreaterOrEqual: test((a, b) => a >= b),
  Identity: same,
  Less: test((a, b) => a < b),
  LessOrEqual: test((a, b) => a <= b),
  Max: (scope, [output]) => [foldAll(scope, output, Math.max)],
  Min: (scope, [output]) => [foldAll(scope, output, Math.min)],
  Mod: binary((a, b) => a - Math.floor(a / b) * b),
  Mul: binary((a, b) => a * b),
  Neg: unary((a) => -a),
  Not: unary((a) => a ? 0 : 1),
  Or: test((a, b) => !!a || !!b),
  Pow: binary((a, b) => a ** b),
  ReduceMax: reduction(Math.max),
  ReduceMin: reduction(Math.min),
  ReduceProd: reduction((a, b) => a * b),
  ReduceSum: reduction((a, b) => a + b),
  Reshape: same,
  Round: unary(roundHalfEven),
  Sign: unary(Math.sign),
  Slice: slice,
  Split: split,
  Sqrt: unary(Math.sqrt),
  Squeeze: same,
  Sub: binary((a, b) => a - b),
  Unsqueeze: same,
  Where: where,
};

function foldAll(scope: ShapeScope, output: Fact, f: (a: number, b: number) => number): Values {
  const dims = broadcastDims(output.dims);
  const operands = Array.from({ length: scope.inputCount }, (_, i) => expand(scope, i, dims));
  return operands.reduce((a, b) => a.map((value, i) => f(value, b[i])));
}

/** As the element type holds it: 10 times 0.7 rounds to 7 in float32, whose floor is not 6. */
function rounded(values: Values, { type }: Fact): Values {
  return type === "float32" ? values.map(Math.fround) : values;
}

/** Elements read and made, times the steps that finding the place of one takes. */
function workOf(scope: ShapeScope, outputs: readonly Fact[]): number {
  const steps = outputs.reduce((most, { dims }) => Math.max(most, dims.length), 0) + 1;
  const made = outputs.reduce((sum, { dims }) => sum + elementCount(dims), 1);
  // Only a Concat reads each input once; others may stretch each to the whole output.
  const reads = scope.node.opType === "Concat" ? 1 : scope.inputCount;
  return made * steps * Math.max(1, reads) + scope.inputCount;
}

/** `outputs` with their values, as far as `budget` goes, where the node and all that it reads is known. */
export function foldValue(
  scope: ShapeScope,
  outputs: readonly Fact[],
  budget: FoldBudget,
): readonly Fact[] {
  const fold = own(FOLDS, scope.node.opType);
  if (fold === undefined) return outputs;
  if (outputs.some(({ dims }) => elementCount(dims) > MAX_FOLDED)) return outputs;
  const needed = scope.node.opType === "ConstantOfShape" ? 1 : scope.inputCount;
  for (let i = 0; i < needed; i++) {
    if (scope.has(i) && scope.fact(i).value === undefined) return outputs;
  }
  if (!budget.spend(workOf(scope, outputs))) return outputs;
  try {
    const values = fold(scope, outputs);
    return outputs.map((output, i) => {
      // An index outside its tensor reads nothing; the runtime says so.
      const isWhole = values[i]?.every((value) => value !== undefined);
      return isWhole ? { ...output, value: rounded(values[i], output) } : output;
    });
  } catch (error) {
    if (error instanceof RangeError) return outputs;
    throw error;
  }
}
