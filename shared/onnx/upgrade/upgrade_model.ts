import type { Model } from "../model_file.ts";
import { own, withGraph } from "../edit.ts";
import { describeNode } from "../graph_index.ts";
import { inlineFunctions } from "../inline_functions.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import type { GraphProto, NodeProto } from "../proto/types.ts";
import { type Rewrite, rewriteNodes } from "../rewrite/rewrite_nodes.ts";
import { ranksOf } from "./ranks.ts";
import { UPGRADES } from "./upgrades.ts";
import { UPGRADES_TO_7 } from "./upgrades_to_7.ts";
import { UnusableNetworkError } from "../errors.ts";

/** The oldest operator set that the rest of the library has to know. */
export const CANONICAL_OPSET = 18;

/**
 * The same model written for operator set 18 or later, without functions of its own, or `model`
 * itself if it already is: everything after needs to know one form of each operator. Value names
 * stay as they are.
 *
 * @throws {RangeError} If a node uses a form that was removed.
 */
export function upgradeModel(source: Model): Model {
  const inlined = inlineFunctions(source);
  const model = opsetOf(inlined) < BROADCASTING_OPSET ? to7(inlined) : inlined;
  const opset = opsetOf(model);
  if (opset >= CANONICAL_OPSET) return model;
  const ranks = new Map(model.graph.initializer.map(({ name, dims }) => [name, dims.length]));
  const graph = rewriteNodes(model.graph, (node): Rewrite | undefined => {
    const row = isStandardDomain(node.domain) ? own(UPGRADES, node.opType) : undefined;
    if (row === undefined || opset >= row.since) return undefined;
    return (scope) =>
      naming(node, opset, () => row.upgrade(scope, opset, (value) => ranks.get(value)));
  });
  return {
    ...withGraph(model, { ...graph, input: fedInputs(model) }),
    ...atOpset(model, CANONICAL_OPSET),
    irVersion: Math.max(model.irVersion ?? 0, 8),
  };
}

/** The operator set since which operands are broadcast as NumPy does it. */
const BROADCASTING_OPSET = 7;

/** A model of an older operator set, written for 7. */
function to7(model: Model): Model {
  const opset = opsetOf(model);
  const ranks = ranksOf(model);
  const graph = rewriteNodes(model.graph, (node): Rewrite | undefined => {
    const upgrade = isStandardDomain(node.domain) ? own(UPGRADES_TO_7, node.opType) : undefined;
    return upgrade &&
      ((scope) => naming(node, opset, () => upgrade(scope, (value) => ranks.get(value))));
  });
  return { ...withGraph(model, graph), ...atOpset(model, BROADCASTING_OPSET) };
}

function naming(node: NodeProto, opset: number, upgrade: () => void): void {
  try {
    upgrade();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UnusableNetworkError(
      `Cannot use ${describeNode(node)} of operator set ${opset}: ${error.message}`,
    );
  }
}

const atOpset = ({ opsetImport }: Model, version: number): Pick<Model, "opsetImport"> => ({
  opsetImport: opsetImport.map((entry) =>
    isStandardDomain(entry.domain) ? { ...entry, version } : entry
  ),
});

/**
 * Files older than version 4 list every initialiser as an input too, though nothing else can be
 * fed there; in newer ones that would make weights variable, and runtimes fold and fuse none.
 */
function fedInputs({ irVersion = 0, graph }: Model): GraphProto["input"] {
  if (irVersion >= 4) return graph.input;
  const stored = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.filter(({ name }) => !stored.has(name));
}
