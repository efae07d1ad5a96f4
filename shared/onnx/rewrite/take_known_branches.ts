import type { Model } from "../model_file.ts";
import { renamedGraph, withGraph } from "../edit.ts";
import { GraphIndex } from "../graph_index.ts";
import { isStandardDomain } from "../opset.ts";
import type { GraphProto, NodeProto } from "../proto/types.ts";
import { KnownSequences } from "./known_sequences.ts";
import type { Fact } from "../shape/fact.ts";
import { Inference, type InferShapesOptions } from "../shape/infer_shapes.ts";

/** A model, and what is known of its values. */
export interface ModelWithFacts {
  readonly model: Model;
  readonly facts: ReadonlyMap<string, Fact>;
}

/**
 * The model with the branch that is taken in the place of every If whose condition follows from the
 * shapes of the inputs, as PyTorch writes them for `squeeze`, and with tensors in the place of the
 * sequences whose lengths follow from them. What depends on the inputs' values stays.
 *
 * @param model Of operator set 18 or later; see {@linkcode upgradeModel}.
 * @throws {RangeError} As {@linkcode inferShapes} does.
 */
export function takeKnownBranches(model: Model, options: InferShapesOptions = {}): ModelWithFacts {
  const inference = new Inference(model, options);
  const { facts } = inference;
  const initializer = [...model.graph.initializer];
  const node: NodeProto[] = [];
  const sequences = new KnownSequences(model);
  let isChanged = false;
  let taken = 0;
  // What is still to be visited, the next one last: what comes out of a branch may decide the next.
  const waiting = new GraphIndex(model.graph).order.toReversed();
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const branch = takenBranch(item, facts);
    const elements = sequences.has(item) ? undefined : sequences.inPlaceOf(item, facts);
    if (elements !== undefined) {
      isChanged = true;
      for (const made of elements.toReversed()) waiting.push(made);
      continue;
    }
    if (branch === undefined) {
      inference.visit(item);
      node.push(item);
      continue;
    }
    isChanged = true;
    const inner = inPlaceOf(item, branch, taken++);
    for (const tensor of inner.initializer) {
      inference.store(tensor);
      initializer.push(tensor);
    }
    for (const made of inner.node.toReversed()) waiting.push(made);
  }
  if (!isChanged) return { model, facts };
  return { model: sequences.withoutUnread(withGraph(model, { node, initializer })), facts };
}

function takenBranch(node: NodeProto, facts: ReadonlyMap<string, Fact>): GraphProto | undefined {
  if (node.opType !== "If" || !isStandardDomain(node.domain)) return undefined;
  const condition = facts.get(node.input[0])?.value?.[0];
  if (condition === undefined) return undefined;
  const name = condition ? "then_branch" : "else_branch";
  return node.attribute.find((held) => held.name === name)?.g;
}

/** Characters of a name; branches in branches that name all alike double it each time. */
const LONGEST_NAME = 256;

/**
 * The branch with names of its own, its results under the names of the node's outputs.
 *
 * @param serial Of the branch, for names that would become too long.
 */
function inPlaceOf(
  node: NodeProto,
  branch: GraphProto,
  serial: number,
): Pick<GraphProto, "node" | "initializer"> {
  const prefix = node.output.find((name) => name) ?? node.name ?? "";
  const made = [
    ...branch.node.flatMap(({ output }) => output),
    ...branch.initializer.map(({ name = "" }) => name),
  ];
  const own = new Map(made.map((name, i) => {
    const whole = name && `${prefix}/${name}`;
    return [name, whole.length > LONGEST_NAME ? `branch_${serial}/${i}` : whole];
  }));
  const inner = renamedGraph(branch, (name) => own.get(name) ?? name);
  const results = inner.output.flatMap(({ name = "" }, i): NodeProto[] => {
    const output = node.output[i];
    if (!output) return [];
    return [{
      opType: "Identity",
      name: output,
      input: [name],
      output: [output],
      attribute: [],
      metadataProps: [],
    }];
  });
  const named = inner.node.map((item) =>
    item.name ? { ...item, name: `${prefix}/${item.name}`.slice(0, LONGEST_NAME) } : item
  );
  return { node: [...named, ...results], initializer: inner.initializer };
}
