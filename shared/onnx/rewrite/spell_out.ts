import type { Model } from "../model_file.ts";
import { own, withGraph } from "../edit.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import type { Fact } from "../shape/fact.ts";
import { rewriteNodes, type RewriteScope } from "./rewrite_nodes.ts";
import { deformConv } from "./spell_out_deform_conv.ts";
import { gru, lstm, rnn } from "./unroll.ts";

/** What is known where an operator is written as others. */
export interface SpellScope extends RewriteScope {
  readonly opset: number;
  /** The shape of input `i`; undefined where it is left out, or not known. */
  dims(i: number): readonly number[] | undefined;
}

/** Writes a node as others; does nothing where a shape is not known, or a form is not covered. */
export type SpellOut = (scope: SpellScope) => void;

/** Operators whose gradient is that of what they are made of. */
export const SPELLED_OUT: Readonly<Record<string, SpellOut>> = {
  DeformConv: deformConv,
  GRU: gru,
  LSTM: lstm,
  RNN: rnn,
};

/**
 * The model with simpler operators in the place of some that are made of them, which computes the
 * same, slower; `model` itself if it has none.
 *
 * @param facts What `inferShapes` knows of the model.
 */
export function spellOut(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const opset = opsetOf(model);
  let isChanged = false;
  const graph = rewriteNodes(model.graph, (node) => {
    const spell = isStandardDomain(node.domain) ? own(SPELLED_OUT, node.opType) : undefined;
    if (spell === undefined) return undefined;
    isChanged = true;
    const dims = (i: number) => facts.get(node.input[i] ?? "")?.dims;
    return (scope) => spell({ ...scope, opset, dims });
  });
  return isChanged ? withGraph(model, graph) : model;
}
