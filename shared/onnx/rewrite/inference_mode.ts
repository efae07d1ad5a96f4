import { Attributes, float } from "../attributes.ts";
import type { Model } from "../model_file.ts";
import { withGraph } from "../edit.ts";
import { GraphIndex } from "../graph_index.ts";
import { isStandardDomain } from "../opset.ts";
import type { NodeProto } from "../proto/types.ts";
import { tensorOf } from "../tensor_proto.ts";
import { rewriteNodes, type Rewritten, someNames, unchanged } from "./rewrite_nodes.ts";

/**
 * The model as it is used, where it was exported as it is trained: Dropout is the identity, and
 * batch normalization takes the stored mean and variance instead of those of the image.
 */
export function inferenceMode(model: Model): Rewritten {
  const index = new GraphIndex(model.graph);
  const dropouts: string[] = [];
  const normalizations: string[] = [];
  const graph = rewriteNodes(model.graph, (node) => {
    if (!isStandardDomain(node.domain)) return undefined;
    const name = node.output[0] ?? "";
    if (node.opType === "Dropout" && isTraining(node, index)) {
      if (ratioOf(node, index) !== 0) dropouts.push(name);
      return (scope) => scope.rewrite(node.input.slice(0, 1), ["seed"]);
    }
    if (node.opType !== "BatchNormalization" || !isTrainedHere(node)) return undefined;
    normalizations.push(name);
    const epsilon = float(new Attributes(node).float("epsilon", 1e-5));
    return (scope) => scope.replace("BatchNormalization", node.input, { epsilon }, 1);
  });
  if (!model.graph.node.some((node, i) => node !== graph.node[i])) return unchanged(model);
  const made = new Set(graph.node.flatMap(({ output }) => output));
  const gone = new Set(
    model.graph.node.flatMap(({ output }) => output).filter((name) => !made.has(name)),
  );
  const kept = model.graph.output.filter(({ name = "" }) => !gone.has(name));
  return { model: withGraph(model, { ...graph, output: kept }), notes: notesOf() };

  function notesOf(): string[] {
    return [
      ...dropouts.length > 0
        ? [
          `It was exported in training mode: Dropout ${
            someNames(dropouts)
          } would give other scores each run, and is taken as the identity, as in inference.`,
        ]
        : [],
      ...normalizations.length > 0
        ? [
          `It was exported in training mode: batch normalization ${
            someNames(normalizations)
          } takes its stored mean and variance instead of those of the image, as in inference.`,
        ]
        : [],
    ];
  }
}

/** Whether the third input says so; what is not stored may be true. */
function isTraining({ input }: NodeProto, index: GraphIndex): boolean {
  const [, , mode] = input;
  return mode !== undefined && mode !== "" && Number(stored(mode, index) ?? 1) !== 0;
}

const ratioOf = ({ input: [, ratio] }: NodeProto, index: GraphIndex) =>
  ratio ? Number(stored(ratio, index) ?? 0.5) : 0.5;

function stored(name: string, index: GraphIndex): number | bigint | undefined {
  const initializer = index.initializers.get(name);
  const made = index.producer(name);
  const tensor = initializer
    ? tensorOf(initializer)
    : made?.opType === "Constant"
    ? new Attributes(made).tensor("value")
    : undefined;
  return tensor?.data[0];
}

/** Since operator set 14 an attribute says so, before that the outputs that only training has. */
function isTrainedHere(node: NodeProto): boolean {
  return new Attributes(node).int("training_mode", 0) !== 0 ||
    node.output.slice(1).some((name) => name !== "");
}
