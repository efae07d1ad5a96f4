import type { Attributes } from "../attributes.ts";
import { normalizeAxis } from "./fact.ts";

/** The operator set since which the axis of a DFT is an input. */
const AXIS_BY_INPUT = 20;

/** What is known of a DFT node. */
interface DftNode {
  readonly attributes: Attributes;
  readonly opset: number;
  /** Whether input `i` is given. */
  has(i: number): boolean;
  /** The numbers of a constant input. */
  value(i: number): readonly number[];
}

/** The axis that a DFT transforms, from 0, of an input of so many axes; the last one holds its parts. */
export function dftAxis(node: DftNode, rank: number): number {
  const { attributes, opset } = node;
  if (opset < AXIS_BY_INPUT) return normalizeAxis(attributes.int("axis", 1), rank);
  return normalizeAxis(node.has(2) ? node.value(2)[0] : -2, rank);
}
