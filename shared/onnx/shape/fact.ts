import { InputError } from "../../errors.ts";
import type { Attributes } from "../attributes.ts";
import { type DataTypeName, dataTypeName } from "../data_type.ts";
import type { NodeProto, TensorProto } from "../proto/types.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { tensorOf } from "../tensor_proto.ts";

/** More elements than any shape computation has; weights are not folded. */
export const MAX_FOLDED = 4096;

/** What is known of a value before anything runs. */
export interface Fact {
  readonly type: DataTypeName;
  readonly dims: readonly number[];
  /**
   * Its elements, when they follow from shapes and constants and are few; integers and booleans
   * as numbers. This is what sub-expressions that compute shapes are made of.
   */
  readonly value?: readonly number[];
}

/** What a shape rule sees of its node. */
export interface ShapeScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  /** Version of the node's operator set. */
  readonly opset: number;
  /** How many inputs are given, left-out ones in the middle counted. */
  readonly inputCount: number;
  /** Whether input `i` is given. */
  has(i: number): boolean;
  /** @throws {RangeError} If input `i` is left out or nothing is known of it. */
  fact(i: number): Fact;
  dims(i: number): readonly number[];
  /**
   * The elements of input `i`, which the output's shape depends on.
   *
   * @throws {RangeError} If they are only known when the model runs.
   */
  value(i: number): readonly number[];
}

/** The facts of a node's outputs, from those of its inputs. */
export type ShapeRule = (scope: ShapeScope) => readonly Fact[];

export type ShapeRules = Readonly<Record<string, ShapeRule>>;

/**
 * Axes counted from the front.
 *
 * @throws {RangeError} If one is outside the shape, or there are more than it has.
 */
export function normalizeAxes(axes: readonly number[], rank: number): number[] {
  if (axes.length > rank) {
    throw new InputError(`${axes.length} axes are named of a shape that has ${rank}`);
  }
  return axes.map((axis) => normalizeAxis(axis, rank));
}

/** `axis` counted from the front. */
export function normalizeAxis(axis: number, rank: number): number {
  if (axis < -rank || axis >= Math.max(rank, 1)) {
    throw new InputError(`axis ${axis} is outside a shape of ${rank} axes`);
  }
  return axis < 0 ? axis + rank : axis;
}

/**
 * What is known of a stored tensor: its elements too, where they are few.
 *
 * @throws {UnusableNetworkError} If they are few and cannot be read.
 */
export function tensorFact(tensor: TensorProto): Fact {
  const type = dataTypeName(tensor.dataType) as DataTypeName;
  const { dims } = tensor;
  if (elementCount(dims) > MAX_FOLDED || type === "string") return { type, dims };
  return { type, dims, value: Array.from(tensorOf(tensor).data, Number) };
}
