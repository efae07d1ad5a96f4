import { InputError } from "../../errors.ts";
import { GraphIndex, isStandardDomain, type Model, opsetOf, withOutputs } from "../../onnx/mod.ts";
import { Emitter } from "../emitter.ts";
import { emitObjective, forwardPass, requireTensors } from "../forward_pass.ts";
import type { GradientScope } from "../gradient_scope.ts";
import type { Objective } from "../objective.ts";
import { UnsupportedOperatorError } from "../errors.ts";
import { missingRule, pathBetween, walkBack } from "../walk_back.ts";
import { foldAffine } from "./fold_affine.ts";
import { layerPlaces } from "./layer_places.ts";
import type { RelevanceSettings } from "./relevance_rule.ts";
import { RELEVANCE } from "./rules.ts";
import { ValueKinds } from "./value_kinds.ts";

/** Where relevance begins: with a score, or with what a layer was found to have. */
export type RelevanceSource =
  | { readonly objective: Objective }
  | {
    /** A tensor of the network. */
    readonly layer: string;
    /** Name of a new input of the model, shaped like the layer: its relevance. */
    readonly relevanceInput: string;
  };

export interface RelevanceOptions extends RelevanceSettings {
  readonly from: RelevanceSource;
  /** Tensors whose relevance is asked for, by name. */
  readonly wrt: readonly string[];
  /** Shapes of the model's inputs. Where none is given, the declared one, with a batch of 1. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/** A model that computes relevances, and what its outputs are called. */
export interface RelevanceModel {
  readonly model: Model;
  /** Name of the value that relevance begins with: a scalar, or shaped like the layer. */
  readonly score: string;
  /** Name of the relevance of each tensor of `wrt`, shaped like it: "relevance/<tensor>". */
  readonly relevances: Readonly<Record<string, string>>;
}

const EPSILON = 1e-6;
const GAMMA = 0.25;

/**
 * Writes layer-wise relevance propagation as a model of standard ONNX operators, as
 * {@linkcode differentiate} does gradients: a score is handed back, node by node, in proportion to
 * what each value adds. Branches, residual sums and concatenations need no rules of their own.
 *
 * Relevance is conserved but for biases, which take their share of sums, and for stabilizers. A
 * batch normalization behind a convolution is folded into it; other normalizations pass relevance
 * on. Of a gated product the signal takes all.
 *
 * @throws {UnsupportedOperatorError} If relevance reaches operators without a rule; it names them.
 * @throws {InputError} If a tensor is unknown, or the score does not depend on it.
 *
 * @see Bach et al., "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise
 * Relevance Propagation", PLOS ONE 2015
 * @see Montavon et al., "Layer-Wise Relevance Propagation: An Overview", 2019
 */
export function propagateRelevance(source: Model, options: RelevanceOptions): RelevanceModel {
  const { from, wrt, rule, epsilon = EPSILON, gamma = GAMMA, biases = true } = options;
  const kept = [...wrt, ...("layer" in from ? [from.layer] : [])];
  const { forward, facts } = foldAffine(forwardPass(source, options.inputs), kept);
  const emit = new Emitter(forward, facts);
  emit.enter("score");
  const isScore = "objective" in from;
  const start = isScore
    ? emitObjective(forward, { objective: from.objective, wrt }, emit)
    : from.layer;
  const seed = isScore
    ? start
    : emit.input(from.relevanceInput, emit.dims(start), emit.fact(start).type);
  const index = new GraphIndex(emit.build().graph);
  requireTensors(wrt, index);
  const path = pathBetween(index, wrt, start, emit);
  const independent = wrt.find((name) => name !== start && !path.values.has(name));
  if (independent !== undefined) {
    throw new InputError(
      `Cannot propagate relevance to "${independent}": ` +
        `${isScore ? "the score" : `"${start}"`} does not depend on it`,
    );
  }
  const kinds = new ValueKinds(index, emit);
  const places = layerPlaces(path, index, emit, rule, isScore);
  const { pending, missing } = walkBack({
    emit,
    forward,
    index,
    path,
    start,
    seed,
    reluRule: "plain",
    ruleOf(node) {
      const found = isStandardDomain(node.domain) ? RELEVANCE.get(node.opType ?? "") : undefined;
      return found && ((scope: GradientScope) =>
        found({
          ...scope,
          epsilon,
          gamma,
          hasBiases: biases,
          layerRule: () => places.layerRule(node),
          isBeforeWeights: places.isBeforeWeights(node),
          isNonNegative: (value) => kinds.isNonNegative(value),
          isGate: (value) => kinds.isGate(value),
        }));
    },
  });
  if (missing.length > 0) {
    const opset = opsetOf(forward);
    const nodes = missing.toReversed().map((node) => missingRule(node, opset));
    throw new UnsupportedOperatorError(nodes, "relevance");
  }
  return finish(emit, isScore ? start : seed, wrt, pending);
}

function finish(
  emit: Emitter,
  score: string,
  wrt: readonly string[],
  pending: ReadonlyMap<string, string>,
): RelevanceModel {
  const named = wrt.map((name) => {
    const relevance = pending.get(name) ?? emit.zerosLike(name);
    return [name, emit.op("Identity", [relevance], {}, `relevance/${name}`)] as const;
  });
  const value = emit.op("Identity", [score], {}, "relevance/score");
  const wanted = [value, ...named.map(([, relevance]) => relevance)];
  for (const name of wanted) emit.output(name);
  return {
    model: withOutputs(emit.build(), wanted),
    score: value,
    relevances: Object.fromEntries(named),
  };
}
