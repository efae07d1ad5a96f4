import {
  type CaseInput,
  type GradientCase,
  homeOpset,
  type RandomInput,
} from "../../shared/grad/gradient_case.ts";
import { type Model, ModelBuilder } from "../../shared/onnx/mod.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Room that random values keep around kinks and each other: more than differences move them. */
const MARGIN = 0.12;

export interface CaseModel {
  readonly model: Model;
  /** The random inputs that are fed, by name. */
  readonly feeds: Readonly<Record<string, Tensor<"float32">>>;
  /** Everything random, stored weights included: what is differentiated. */
  readonly wrt: readonly string[];
  /** Values of everything random. */
  readonly values: Readonly<Record<string, Tensor<"float32">>>;
  /** Outputs that the objective uses. */
  readonly outputs: readonly string[];
}

export const isRandom = (input: CaseInput): input is RandomInput =>
  input !== null && !("data" in input);

function fill(input: RandomInput, next: () => number): Tensor<"float32"> {
  const { dims, low = -2, high = 2, away = [], spaced = false } = input;
  const count = elementCount(dims);
  if (spaced) {
    const order = Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    const step = 2 * MARGIN;
    return float32(Float32Array.from(order, (rank) => (rank - count / 2 + 0.25) * step), dims);
  }
  const draw = (): number => {
    const value = low + (high - low) * next();
    return away.some((kink) => Math.abs(value - kink) < MARGIN) ? draw() : value;
  };
  return float32(Float32Array.from({ length: count }, draw), dims);
}

/**
 * The case's operator as a model. Its first random input has a second consumer, so that adding up
 * is part of every check.
 *
 * @param opset Its operator set. By default the one it is compared with differences at.
 */
export function buildCase(
  test: GradientCase,
  next: () => number,
  opset = homeOpset(test),
): CaseModel {
  const b = new ModelBuilder({ opset });
  const feeds: Record<string, Tensor<"float32">> = {};
  const values: Record<string, Tensor<"float32">> = {};
  const inputs = test.inputs.map((input, i) => {
    if (input === null) return "";
    if (!isRandom(input)) return b.constant(input, `in${i}`);
    const name = `in${i}`;
    values[name] = fill(input, next);
    if (input.stored) return b.constant(values[name], name);
    feeds[name] = values[name];
    return b.input(name, input.dims);
  });
  const names = Array.from({ length: test.outputs ?? 1 }, (_, i) => `out${i}`);
  b.ops(test.op, inputs, test.attributes ?? {}, names);
  const outputs = (test.used ?? names.map((_, i) => i)).map((i) => names[i]);
  const first = Object.keys(feeds)[0];
  outputs.push(b.op("Sin", [first], {}, "second"));
  for (const name of outputs) b.output(name);
  return { model: b.build(), feeds, wrt: Object.keys(values), values, outputs };
}

/** mulberry32: small, seeded, uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
