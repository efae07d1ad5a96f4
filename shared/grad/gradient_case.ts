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
  /** Operator set the case is written for. @default 18 */
  readonly opset?: number;
  /** Whether ONNX Runtime refuses it on WebGPU. @default false */
  readonly wasmOnly?: boolean;
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
