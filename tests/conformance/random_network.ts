/** Networks of random layers with random settings, for properties that hold for any network. */
import fc from "fast-check";
import {
  Attributes,
  type AttributeValues,
  float,
  int64List,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { windowOf } from "../../shared/onnx/shape/window.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";
import { seeded } from "./case_model.ts";

const KINDS = [
  "conv",
  "conv",
  "depthwise",
  "same",
  "max",
  "average",
  "lrn",
  "normalise",
  "residual",
  "branches",
  "pad",
  "scale",
  "curve",
] as const;

/** What a random network is made from. */
export interface Recipe {
  readonly height: number;
  readonly width: number;
  readonly kinds: readonly typeof KINDS[number][];
  readonly head: "mean" | "reduce" | "flat";
  readonly seed: number;
}

/** Recipes of one to six blocks. */
export const recipes: fc.Arbitrary<Recipe> = fc.record({
  height: fc.integer({ min: 9, max: 26 }),
  width: fc.integer({ min: 9, max: 26 }),
  kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 6 }),
  head: fc.constantFrom("mean", "reduce", "flat"),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** A network x [N, 3, height, width] -> logits [N, 4], prob; and its layers, to print. */
export function randomNetwork({ height, width, kinds, head, seed }: Recipe) {
  const maker = new Maker(height, width, seed);
  for (const kind of kinds) maker.add(kind);
  return { model: maker.finish(head), layers: maker.layers.join("\n") };
}

class Maker {
  readonly layers: string[] = [];
  readonly #b = new ModelBuilder({ opset: 18 });
  readonly #next: () => number;
  #x: string;
  #dims: number[];

  constructor(height: number, width: number, seed: number) {
    this.#next = seeded(seed);
    this.#x = this.#b.input("x", ["N", 3, height, width]);
    this.#dims = [1, 3, height, width];
  }

  add(kind: typeof KINDS[number]): void {
    const [, channels, height, width] = this.#dims;
    const before = this.layers.length;
    switch (kind) {
      case "conv":
        this.#window("Conv", 1);
        return this.#op("Relu");
      case "depthwise":
        return this.#window("Conv", channels);
      case "same": {
        const kernel = this.#pick(1, 2, 3);
        const stride = this.#pick(1, 2);
        const auto_pad = this.#pick("SAME_UPPER", "SAME_LOWER");
        return this.#conv(5, 1, [kernel, kernel], { strides: [stride, stride], auto_pad });
      }
      case "max":
        return this.#window("MaxPool");
      case "average":
        return this.#window("AveragePool");
      case "lrn":
        return this.#op("LRN", [], { size: 3, alpha: float(0.3), bias: float(1.5) });
      case "normalise":
        return this.#op(
          "BatchNormalization",
          [0, 1, 2, 3].map((i) => this.#weight([channels], i === 3)),
        );
      case "residual": {
        const from = this.#x;
        this.#conv(channels, 1, [3, 3], { pads: [1, 1, 1, 1] });
        this.#x = this.#b.op("Add", [this.#x, from]);
        return void (this.layers[before] = "residual");
      }
      case "branches": {
        const from = this.#x;
        const made = [[1, 1], [3, 3], [5, 1]].map((kernel) => {
          this.#x = from;
          this.#dims = [1, channels, height, width];
          const [a, b] = kernel.map((size) => (size - 1) / 2);
          this.#conv(3, 1, kernel, { pads: [a, b, a, b] });
          return this.#x;
        });
        const pooled = this.#b.op("MaxPool", [from], {
          kernel_shape: [3, 3],
          pads: [1, 1, 1, 1],
        });
        this.#x = this.#b.op("Concat", [...made, pooled], { axis: 1 });
        this.#dims = [1, 9 + channels, height, width];
        this.layers.splice(before, Infinity, "branches");
        return;
      }
      case "pad": {
        const [top, left, bottom, right] = [1, 2, 3, 4].map(() => this.#pick(0, 1, 2));
        const pads = this.#b.constant(int64List([0, 0, top, left, 0, 0, bottom, right]));
        const fill = this.#b.constant(float32(Float32Array.of(0.7), []));
        this.#op("Pad", [pads, fill]);
        this.#dims = [1, channels, height + top + bottom, width + left + right];
        return;
      }
      case "scale":
        return this.#op("Mul", [this.#weight([channels, 1, 1])]);
      case "curve":
        return this.#op(this.#pick("Sigmoid", "Tanh", "HardSwish", "LeakyRelu", "Abs"));
    }
  }

  finish(head: Recipe["head"]): Model {
    const [, channels, height, width] = this.#dims;
    const isFlat = head === "flat";
    if (head === "mean") this.#x = this.#b.op("GlobalAveragePool", [this.#x]);
    if (head === "reduce") {
      const axes = this.#b.constant(int64List([2, 3]));
      this.#x = this.#b.op("ReduceMean", [this.#x, axes], { keepdims: 1 });
    }
    const flat = this.#b.op("Flatten", [this.#x]);
    const w = this.#weight([isFlat ? channels * height * width : channels, 4]);
    this.#b.output(this.#b.op("Gemm", [flat, w, this.#weight([4])], {}, "logits"));
    this.#b.output(this.#b.op("Softmax", ["logits"], { axis: 1 }, "prob"));
    return this.#b.build();
  }

  /** A convolution or pool with every setting at random, as far as they fit together. */
  #window(opType: "Conv" | "MaxPool" | "AveragePool", group = 1): void {
    const [, channels, height, width] = this.#dims;
    const kernel = [this.#pick(1, 2, 3, 4), this.#pick(1, 2, 3)];
    const isPool = opType !== "Conv";
    const dilations = opType === "AveragePool"
      ? [1, 1]
      : [this.#pick(1, 1, 2), this.#pick(1, 1, 2)];
    const most = kernel.map((size) => Math.min(2, isPool ? size - 1 : 2));
    const pads = [0, 1, 0, 1].map((axis) => Math.floor(this.#next() * (most[axis] + 1)));
    const strides = [this.#pick(1, 2, 3), this.#pick(1, 2)];
    const reach = kernel.map((size, axis) => (size - 1) * dilations[axis] + 1);
    // ONNX Runtime's shape inference and its pools disagree about a last window in the padding.
    const isClear = reach.every((size, axis) => {
      const free = [height, width][axis] + pads[axis] + pads[axis + 2] - size;
      return Math.ceil(free / strides[axis]) * strides[axis] < [height, width][axis] + pads[axis];
    });
    const attributes: AttributeValues = {
      strides,
      pads,
      ...opType !== "AveragePool" && { dilations },
      ...isPool && { kernel_shape: kernel, ceil_mode: isClear ? this.#pick(0, 1) : 0 },
      ...opType === "AveragePool" && { count_include_pad: this.#pick(0, 1) },
    };
    if (reach[0] > height || reach[1] > width) return;
    if (!isPool) return this.#conv(group === 1 ? 6 : channels, group, kernel, attributes);
    this.#op(opType, [], attributes);
    this.#resize(kernel);
  }

  #conv(filters: number, group: number, kernel: readonly number[], attributes: AttributeValues) {
    const [, channels] = this.#dims;
    const inputs = [this.#weight([filters, channels / group, ...kernel]), this.#weight([filters])];
    this.#op("Conv", inputs, { ...attributes, group });
    this.#resize(kernel);
    this.#dims[1] = filters;
  }

  #op(opType: string, inputs: readonly string[] = [], attributes: AttributeValues = {}): void {
    this.#x = this.#b.op(opType, [this.#x, ...inputs], attributes);
    const { auto_pad, strides, pads, dilations, kernel_shape, ceil_mode } = attributes;
    const settings = { auto_pad, strides, pads, dilations, kernel_shape, ceil_mode };
    this.layers.push(`${opType} ${JSON.stringify(settings)} of [${this.#dims}]`);
  }

  /** The extents after the window that was added last. */
  #resize(kernel: readonly number[]): void {
    const attributes = new Attributes(this.#b.lastNode);
    const { output } = windowOf(attributes, this.#dims.slice(2), kernel);
    this.#dims = [1, this.#dims[1], ...output];
  }

  #weight(dims: readonly number[], isPositive = false): string {
    const scale = Math.sqrt(3 / elementCount(dims.slice(1)));
    const data = Float32Array.from(
      { length: elementCount(dims) },
      () => isPositive ? 0.5 + this.#next() : scale * (2 * this.#next() - 1),
    );
    return this.#b.constant(float32(data, dims));
  }

  #pick<T>(...choices: readonly T[]): T {
    return choices[Math.floor(this.#next() * choices.length)];
  }
}
