import { type AttributeValues, int64List } from "../onnx/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** An input that the conformance suite fills with seeded random numbers. */
export interface RandomInput {
  readonly dims: readonly number[];
  /** @default -2 */
  readonly low?: number;
  /** @default 2 */
  readonly high?: number;
  /** Kinks: values keep a distance from these that differences do not cross. */
  readonly away?: readonly number[];
  /** Values differ from each other by more than differences cross: for operators that compare. */
  readonly spaced?: boolean;
  /** Stored in the model, as weights are, and differentiated all the same. */
  readonly stored?: boolean;
}

/** An input of a case: random, fixed and not differentiated (axes, indices), or left out. */
export type CaseInput = RandomInput | Tensor | null;

/** One way of using an operator, for the conformance suite to check its gradient rule with. */
export interface GradientCase {
  readonly op: string;
  /** What is special about it: "k3 s2 p1 g2". */
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly attributes?: AttributeValues;
  /** Number of outputs. @default 1 */
  readonly outputs?: number;
  /** Which outputs the objective uses. All by default. */
  readonly used?: readonly number[];
  /** The first operator set that has this form. @default the first that has the operator */
  readonly since?: number;
  /** The last that has it. @default the newest whose form of the operator the runtime has */
  readonly until?: number;
  /** Whether ONNX Runtime refuses it on WebGPU. @default false */
  readonly wasmOnly?: boolean;
}

/** The newest operator set that the runtime has. */
export const NEWEST_OPSET = 26;

/** The form that the library works in, where a model has an older one. */
const CANONICAL_OPSET = 18;

/** Where the runtime has no newer form of an operator. */
const LAST_OPSET: Readonly<Record<string, number>> = { GlobalLpPool: 21, RoiAlign: 21, Swish: 24 };

/** First operator set of those that came after 7. */
const FIRST_OPSET: Readonly<Record<string, number>> = {
  Acosh: 9,
  AffineGrid: 20,
  Asinh: 9,
  Atanh: 9,
  Attention: 23,
  CastLike: 15,
  Celu: 12,
  CenterCropPad: 18,
  Col2Im: 18,
  Cosh: 9,
  CumSum: 11,
  DFT: 17,
  DeformConv: 19,
  DequantizeLinear: 10,
  DynamicQuantizeLinear: 11,
  Einsum: 12,
  Erf: 9,
  Expand: 8,
  GatherElements: 11,
  GatherND: 11,
  Gelu: 20,
  GridSample: 16,
  GroupNormalization: 18,
  HardSwish: 14,
  LayerNormalization: 17,
  MaxUnpool: 9,
  MeanVarianceNormalization: 9,
  Mish: 18,
  QuantizeLinear: 10,
  RMSNormalization: 23,
  Resize: 10,
  ReverseSequence: 10,
  RoiAlign: 10,
  RotaryEmbedding: 23,
  ScatterElements: 11,
  ScatterND: 11,
  Shrink: 9,
  Sinh: 9,
  Swish: 24,
  ThresholdedRelu: 10,
  Trilu: 14,
  Where: 9,
};

export const firstOpset = (op: string): number => FIRST_OPSET[op] ?? 7;

export const lastOpset = (op: string): number => LAST_OPSET[op] ?? NEWEST_OPSET;

/** The operator sets that a case is run at: the first, a middle and the newest of its form. */
export function opsetsOf({ op, since = firstOpset(op), until = lastOpset(op) }: GradientCase) {
  const middle = since < CANONICAL_OPSET && CANONICAL_OPSET < until
    ? CANONICAL_OPSET
    : (since + until) >> 1;
  return [...new Set([since, middle, until])];
}

/** The one of them that a case is compared with differences at: nearest to the library's form. */
export function homeOpset(row: GradientCase): number {
  const distance = (opset: number) => Math.abs(opset - CANONICAL_OPSET);
  return opsetsOf(row).reduce((a, b) => distance(b) < distance(a) ? b : a);
}

/** A fixed list of integers as an input. */
export function ints(...values: number[]): Tensor<"int64"> {
  return int64List(values);
}

/** A fixed float32 scalar or list as an input. */
export function floats(values: number | readonly number[]): Tensor<"float32"> {
  return typeof values === "number"
    ? { type: "float32", dims: [], data: Float32Array.of(values) }
    : { type: "float32", dims: [values.length], data: Float32Array.from(values) };
}

/** A random input of a shape. */
export function random(
  dims: readonly number[],
  options: Omit<RandomInput, "dims"> = {},
): RandomInput {
  return { dims, ...options };
}
