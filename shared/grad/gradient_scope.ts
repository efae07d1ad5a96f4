import type { Attributes, NodeProto } from "../onnx/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Emitter } from "./emitter.ts";

/** What a gradient rule sees of its node. Values are names; {@linkcode emit} adds nodes. */
export interface GradientScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  /** Version of the standard operators: 18 or later. */
  readonly opset: number;
  readonly reluRule: ReluRule;
  readonly emit: Emitter;
  /** How many inputs are given. */
  readonly inputCount: number;
  /** Whether input `i` is given. */
  has(i: number): boolean;
  /** Forward value of input `i`. */
  x(i: number): string;
  /** Forward value of output `i`. */
  y(i?: number): string;
  /** Gradient of the objective with respect to output `i`; zeros if nothing used it. */
  dy(i?: number): string;
  /** Whether anybody wants the gradient of input `i`; a rule may leave the others null. */
  wants(i: number): boolean;
  dims(i: number): readonly number[];
  /** Elements of input `i`, such as axes or a shape. @throws {RangeError} If not known before the run. */
  value(i: number): readonly number[];
  /** Input `i` as an array, if it is stored in the model: work on it can be done now, once. */
  initializer(i: number): Tensor | undefined;
}

/**
 * The gradients of a node's inputs, one value name each, or null where there is none.
 *
 * A gradient may keep the shape that its input was broadcast to; the driver sums it.
 */
export type GradientRule = (scope: GradientScope) => readonly (string | null)[];

/** One row of the table of rules. */
export interface GradientRow {
  readonly rule: GradientRule;
  /** How many of the node's outputs the rule reads the gradient of, from the first. @default 1 */
  readonly outputs?: number;
  /** Where the derivative does not exist: what is passed back there. */
  readonly convention?: string;
  /**
   * Whether the operator is a staircase whose steps are passed over: the gradient is that of the
   * slope through them, which differences do not show.
   */
  readonly straightThrough?: boolean;
}

/**
 * What a rectifier passes back. With g the gradient that arrives at its output and f its function
 * of x:
 *
 * | rule        | passes back       | for ReLU                          |
 * | ----------- | ----------------- | --------------------------------- |
 * | `plain`     | g f'(x)           | g where x > 0                     |
 * | `guided`    | max(0, g f'(x))   | g where x > 0 and g > 0           |
 * | `deconvnet` | max(0, g)         | g where g > 0, whatever x was     |
 *
 * The rules belong to rectifier nodes; every other operator keeps its true derivative. They are
 * carried over to the monotone relatives of ReLU (Clip, LeakyRelu, PRelu, Elu, Selu, Celu,
 * ThresholdedRelu, Softplus, and Max and Min against what does not depend on the source) by the same
 * formulas. Gates that fall somewhere (SiLU, HardSwish,
 * GELU, Mish) have no counterpart of "blocks negative evidence": asking for it is refused.
 *
 * @see Simonyan et al., "Deep Inside Convolutional Networks", 2014 (plain)
 * @see Springenberg et al., "Striving for Simplicity", 2015 (guided)
 * @see Zeiler & Fergus, "Visualizing and Understanding Convolutional Networks", 2014 (deconvnet)
 */
export type ReluRule = "plain" | "guided" | "deconvnet";

export const RELU_RULES: readonly ReluRule[] = ["plain", "guided", "deconvnet"];
