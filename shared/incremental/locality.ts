import type { Attributes, Fact, NodeProto } from "../onnx/mod.ts";
import type { Span } from "./span.ts";

/** 0 for rows, 1 for columns. */
export type SpatialAxis = 0 | 1;

/** How an operator that looks at a neighbourhood only is computed on a part of its maps. */
export interface Locality {
  /** The span of the output that can change, from those of the inputs that do. */
  changes(axis: SpatialAxis, inputs: readonly Span[]): Span;
  /**
   * The span of each changing input that the span `output` is computed from. It holds all of
   * `input`, and may reach over the border, where the operator pads.
   */
  reads(axis: SpatialAxis, output: Span, input: Span): Span;
  /** What the operator finds beyond the border. */
  readonly fill: number;
  /** Multiply-adds for one element of the output. */
  readonly multiplyAdds: number;
  /** Time for one element of the output, as that of so many multiply-adds of a convolution. */
  readonly work: number;
  /** The node as it is run on crops, which hold their borders already. */
  readonly node: NodeProto;
  /** By what the output is multiplied, where borders make a difference; of one row or column. */
  factor?(axis: SpatialAxis, output: number): number;
}

/** What a rule sees of its node. */
export interface LocalityScope {
  readonly node: NodeProto;
  readonly attributes: Attributes;
  /** Of input `i`; undefined where nothing is known or nothing is given. */
  input(i: number): Fact | undefined;
  /** Whether input `i` changes with the image. */
  isChanged(i: number): boolean;
  readonly output: Fact;
}

/** The locality of a node, or why it has none: then it is computed as a whole. */
export type LocalityRule = (scope: LocalityScope) => Locality | string;

export type LocalityRules = Readonly<Record<string, LocalityRule>>;
