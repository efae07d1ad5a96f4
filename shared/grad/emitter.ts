import { InputError } from "../errors.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import {
  type AttributeValues,
  broadcastDims,
  type DataTypeName,
  type Fact,
  GRADIENT_SCOPE,
  int64List,
  type Model,
  ModelBuilder,
} from "../onnx/mod.ts";
import { FoldBudget } from "../onnx/shape/fold_value.ts";
import { inferOutputs } from "../onnx/shape/infer_shapes.ts";
import { UnknownShapeError } from "./errors.ts";

/**
 * Adds nodes to a model and knows the shape of every value as it goes. Values are handled by name.
 *
 * The methods are ONNX's operators in the form of operator set 18, with constants given as numbers.
 */
export class Emitter {
  readonly #builder: ModelBuilder;
  readonly #facts: Map<string, Fact>;
  readonly #constants = new Map<string, string>();
  /** What {@linkcode slice} made, by name. */
  readonly #parts = new Map<
    string,
    { readonly whole: string; readonly place: readonly string[] }
  >();
  /** {@linkcode relu} of what has parts, by its name. */
  readonly #rectified = new Map<string, string>();
  readonly #budget = new FoldBudget();
  #scope = GRADIENT_SCOPE;
  #counter = 0;

  constructor(model: Model, facts: ReadonlyMap<string, Fact>) {
    this.#builder = new ModelBuilder({ base: model });
    this.#facts = new Map(facts);
  }

  /** Names of values emitted from now on begin with `grad/<scope>/`. */
  enter(scope: string): void {
    this.#scope = `${GRADIENT_SCOPE}/${scope}`;
  }

  /** @throws {UnknownShapeError} If nothing is known of the value. */
  fact(value: string): Fact {
    const found = this.#facts.get(value);
    if (found === undefined) throw new UnknownShapeError(value);
    return found;
  }

  dims(value: string): readonly number[] {
    return this.fact(value).dims;
  }

  /** Elements of a value that follow from shapes and constants, or undefined. */
  known(value: string): readonly number[] | undefined {
    return this.fact(value).value;
  }

  /** Declares an input of the model. */
  input(name: string, dims: readonly number[], type: DataTypeName = "float32"): string {
    this.#facts.set(name, { type, dims });
    return this.#builder.input(name, dims, type);
  }

  /** Makes `value` an output of the model. */
  output(value: string): void {
    const { type, dims } = this.fact(value);
    this.#builder.output(value, type, dims);
  }

  build(): Model {
    return this.#builder.build();
  }

  /** Any operator with one output. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: AttributeValues = {},
    name: string = this.#fresh(opType),
  ): string {
    return this.ops(opType, inputs, attributes, [name])[0];
  }

  /** Any operator with several outputs. */
  ops(
    opType: string,
    inputs: readonly string[],
    attributes: AttributeValues,
    outputs: readonly string[] | number,
  ): readonly string[] {
    const names = typeof outputs === "number"
      ? Array.from({ length: outputs }, () => this.#fresh(opType))
      : outputs;
    this.#builder.ops(opType, inputs, attributes, names);
    const facts = inferOutputs(
      this.#builder.lastNode,
      this.#facts,
      this.#builder.opset,
      this.#budget,
    );
    names.forEach((name, i) => {
      const fact = facts?.[i];
      if (fact) this.#facts.set(name, fact);
    });
    return names;
  }

  #fresh(opType: string): string {
    return `${this.#scope}/${opType.toLowerCase()}_${this.#counter++}`;
  }

  /** A constant tensor; equal small ones are stored once. */
  constant(tensor: Tensor): string {
    const elements = tensor.data.length <= 64 ? [...tensor.data] : undefined;
    const key = elements &&
      `${tensor.type}[${tensor.dims}]${elements.map((v) => Object.is(v, -0) ? "-0" : v)}`;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.#builder.constant(tensor, `grad/constant_${this.#counter++}`);
    this.#facts.set(name, { type: tensor.type, dims: tensor.dims, value: elements?.map(Number) });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }

  /**
   * A list of integers, as shapes and axes are given.
   *
   * @throws {RangeError} If they are none, since what they follow from does not fit together.
   */
  ints(values: readonly number[]): string {
    if (!values.every((value) => value === Infinity || Number.isInteger(value))) {
      throw new RangeError(`a shape of [${values}] does not follow, expected whole numbers`);
    }
    return this.constant(int64List(values));
  }

  /** A scalar of the element type of `like`. */
  scalar(value: number, like: string): string {
    return this.castLike(this.constant(float32(Float32Array.of(value), [])), like);
  }

  /** A float32 array as a constant of the element type of `like`. */
  array(values: ArrayLike<number>, dims: readonly number[], like: string): string {
    return this.castLike(this.constant(float32(Float32Array.from(values), dims)), like);
  }

  zerosLike(value: string): string {
    return this.expand(this.scalar(0, value), this.dims(value));
  }

  cast(value: string, to: number): string {
    return this.op("Cast", [value], { to });
  }

  castLike(value: string, like: string): string {
    return this.fact(value).type === this.fact(like).type
      ? value
      : this.op("CastLike", [value, like]);
  }

  add(a: string, b: string): string {
    return this.op("Add", [a, b]);
  }

  sub(a: string, b: string): string {
    return this.op("Sub", [a, b]);
  }

  mul(a: string, b: string): string {
    return this.op("Mul", [a, b]);
  }

  div(a: string, b: string): string {
    return this.op("Div", [a, b]);
  }

  neg(value: string): string {
    return this.op("Neg", [value]);
  }

  /** `value * factor`, without a node for a factor of 1. */
  scale(value: string, factor: number): string {
    return factor === 1 ? value : this.mul(value, this.scalar(factor, value));
  }

  /** `value + amount`. */
  shift(value: string, amount: number): string {
    return this.add(value, this.scalar(amount, value));
  }

  pow(value: string, exponent: number): string {
    return this.op("Pow", [value, this.scalar(exponent, value)]);
  }

  where(condition: string, a: string, b: string): string {
    return this.op("Where", [condition, a, b]);
  }

  /** `value` where `condition` holds, else 0. */
  keepWhere(condition: string, value: string): string {
    return this.where(condition, value, this.scalar(0, value));
  }

  greater(a: string, b: string): string {
    return this.op("Greater", [a, b]);
  }

  less(a: string, b: string): string {
    return this.op("Less", [a, b]);
  }

  equal(a: string, b: string): string {
    return this.op("Equal", [a, b]);
  }

  /**
   * max(0, value); of a part the part of it, so that all parts share one, which a runtime can fuse
   * into what made the whole.
   */
  relu(value: string): string {
    const part = this.#parts.get(value);
    if (part === undefined) return this.op("Relu", [value]);
    const whole = this.#rectified.get(part.whole) ?? this.relu(part.whole);
    this.#rectified.set(part.whole, whole);
    return this.op("Slice", [whole, ...part.place]);
  }

  matMul(a: string, b: string): string {
    return this.op("MatMul", [a, b]);
  }

  reshape(value: string, dims: readonly number[]): string {
    return sameDims(this.dims(value), dims) ? value : this.op("Reshape", [value, this.ints(dims)]);
  }

  transpose(value: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? value : this.op("Transpose", [value], { perm });
  }

  expand(value: string, dims: readonly number[]): string {
    return sameDims(this.dims(value), dims) ? value : this.op("Expand", [value, this.ints(dims)]);
  }

  concat(values: readonly string[], axis: number): string {
    return values.length === 1 ? values[0] : this.op("Concat", values, { axis });
  }

  /** Sums over `axes`, which stay with extent 1. */
  reduceSum(value: string, axes: readonly number[]): string {
    return axes.length === 0
      ? value
      : this.op("ReduceSum", [value, this.ints(axes)], { keepdims: 1 });
  }

  /** The mean over `axes`, which stay with extent 1. */
  reduceMean(value: string, axes: readonly number[]): string {
    return axes.length === 0
      ? value
      : this.op("ReduceMean", [value, this.ints(axes)], { keepdims: 1 });
  }

  /** Elements from `start` to before `end` by `step` along one axis. */
  slice(value: string, axis: number, start: number, end = Infinity, step = 1): string {
    if (start === 0 && step === 1 && end >= this.dims(value)[axis]) return value;
    const place = [[start], [end], [axis], [step]].map((list) => this.ints(list));
    const part = this.op("Slice", [value, ...place]);
    this.#parts.set(part, { whole: value, place });
    return part;
  }

  /** Zeros before and after each axis; negative amounts cut off. */
  pad(value: string, begin: readonly number[], end: readonly number[], fill = 0): string {
    const amounts = [...begin, ...end];
    if (amounts.every((amount) => amount === 0)) return value;
    const cut = amounts.some((amount) => amount < 0);
    if (cut) {
      const cropped = this.#crop(
        value,
        begin.map((a) => Math.max(0, -a)),
        end.map((a) => Math.max(0, -a)),
      );
      const [more, after] = [begin, end].map((list) => list.map((a) => Math.max(0, a)));
      return this.pad(cropped, more, after, fill);
    }
    return this.op("Pad", [value, this.ints(amounts), this.scalar(fill, value)]);
  }

  #crop(value: string, begin: readonly number[], end: readonly number[]): string {
    return begin.reduce(
      (result, from, axis) => this.slice(result, axis, from, this.dims(value)[axis] - end[axis]),
      value,
    );
  }

  /**
   * `value` summed over the axes along which it was broadcast from `dims`: what the gradient of an
   * operand is, given that of the broadcast result.
   */
  sumTo(value: string, dims: readonly number[]): string {
    const from = this.dims(value);
    if (sameDims(from, dims)) return value;
    const skipped = from.length - dims.length;
    if (skipped < 0 || !sameDims(broadcastDims(from, dims), from)) {
      throw new InputError(
        `Cannot sum [${from}] to [${dims}]: the one is not broadcast from the other`,
      );
    }
    const axes = from.flatMap((extent, axis) =>
      axis < skipped || (dims[axis - skipped] === 1 && extent !== 1) ? [axis] : []
    );
    return this.reshape(this.reduceSum(value, axes), dims);
  }
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}
