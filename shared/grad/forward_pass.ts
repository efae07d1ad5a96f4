import { InputError } from "../errors.ts";
import {
  type Fact,
  GraphIndex,
  inferShapes,
  inputsOf,
  type Model,
  opsetOf,
  resizeToSizes,
  settleWindows,
  spellOut,
  takeKnownBranches,
  upgradeModel,
  valueInfo,
  withGraph,
} from "../onnx/mod.ts";
import type { Emitter } from "./emitter.ts";
import type { Objective } from "./objective.ts";
import { NO_GRADIENT } from "./rules.ts";
import { UnknownShapeError } from "./errors.ts";
import { refuseUnknown } from "./walk_back.ts";

/** A network in the form that rules are written for, with all that is known of its tensors. */
export interface ForwardPass {
  readonly forward: Model;
  readonly facts: ReadonlyMap<string, Fact>;
}

/** @param inputs Shapes of the model's inputs; else the declared ones, with a batch of 1. */
export function forwardPass(
  source: Model,
  inputs?: Readonly<Record<string, readonly number[]>>,
): ForwardPass {
  const taken = takeKnownBranches(upgradeModel(source), { inputs });
  const model = spellOut(taken.model, taken.facts);
  const facts = model === taken.model ? taken.facts : inferShapes(model, { inputs });
  return {
    forward: withFixedShapes(settleWindows(resizeToSizes(model, facts), facts), facts),
    facts,
  };
}

/**
 * The model declared for the shapes the gradient is written for, so that a runtime refuses others;
 * what the file declares of other tensors may be for other shapes, and is dropped.
 */
function withFixedShapes(model: Model, facts: ReadonlyMap<string, Fact>): Model {
  const input = model.graph.input.map((info) => {
    const { type, dims } = facts.get(info.name ?? "")!;
    return valueInfo(info.name!, type, dims);
  });
  return withGraph(model, { input, output: [], valueInfo: [] });
}

/** @throws {InputError} If a tensor is not there. */
export function requireTensors(names: readonly string[], index: GraphIndex): void {
  const missing = names.find((name) => !index.has(name));
  if (missing === undefined) return;
  throw new InputError(
    `Cannot differentiate with respect to "${missing}": there is no such tensor`,
  );
}

/**
 * The objective's value. Where a shape it needs is not known, that is most often because of an
 * operator nobody knows, and then those are what to tell.
 */
export function emitObjective(
  forward: Model,
  options: { readonly objective: Objective; readonly wrt: readonly string[] },
  emit: Emitter,
): string {
  try {
    return options.objective(emit);
  } catch (error) {
    if (!(error instanceof UnknownShapeError)) throw error;
    const index = new GraphIndex(forward.graph);
    requireTensors(options.wrt, index);
    const reached = new Set(options.wrt);
    const downstream = index.order.filter((node) => {
      if (!inputsOf(node).some((name) => reached.has(name))) return false;
      for (const name of node.output) reached.add(name);
      return !NO_GRADIENT.has(node.opType ?? "");
    });
    refuseUnknown(downstream, opsetOf(forward));
    throw error;
  }
}
