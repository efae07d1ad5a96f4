import { InputError } from "../errors.ts";
import type { Model } from "./decode_model.ts";
import { GraphIndex, inputsOf } from "./graph_index.ts";
import type { GraphProto, ValueInfoProto } from "./proto/types.ts";
import { declaredType, valueInfo } from "./value_info.ts";

/** `model` with a graph whose fields in `change` are replaced. */
export function withGraph(model: Model, change: Partial<GraphProto>): Model {
  return { ...model, graph: { ...model.graph, ...change } };
}

/** How `names` are declared, as far as the file says; runtimes infer the rest. */
function declarationsOf(graph: GraphProto, names: readonly string[]): ValueInfoProto[] {
  // The last of equal names stays, so that an output's own declaration counts first.
  const declared = [...graph.input, ...graph.valueInfo, ...graph.output];
  const known = new Map(declared.map((info) => [info.name, info]));
  return names.map((name) => {
    const info = known.get(name);
    return info && declaredType(info) !== "type 0"
      ? info
      : { name, type: undefined, metadataProps: [] };
  });
}

/**
 * The model cut down to what computes `names`, which become its outputs in that order. Any
 * intermediate tensor can be asked for; nodes and weights that nothing needs are dropped.
 *
 * @throws {RangeError} If the graph makes no tensor of that name.
 */
export function withOutputs(model: Model, names: readonly string[]): Model {
  const { graph } = model;
  const index = new GraphIndex(graph);
  for (const name of names) {
    if (!index.has(name)) {
      throw new InputError(`Cannot expose "${name}": the graph has no tensor of that name`);
    }
  }
  return withGraph(model, {
    ...keepOnly(graph, index, names),
    output: declarationsOf(graph, names),
  });
}

/**
 * The part of the model from the tensors `inputs` to the tensors `outputs`, as a model of its own.
 *
 * @throws {RangeError} If a name is unknown, or `outputs` depend on an input not in `inputs`.
 */
export function cutModel(
  model: Model,
  inputs: readonly { readonly name: string; readonly dims: readonly number[] }[],
  outputs: readonly string[],
): Model {
  const { graph } = model;
  const cut = new Set(inputs.map(({ name }) => name));
  const without: GraphProto = {
    ...graph,
    node: graph.node.filter((node) => !node.output.some((name) => cut.has(name))),
    input: [
      ...graph.input.filter(({ name = "" }) => !cut.has(name)),
      ...inputs.map(({ name, dims }) => valueInfo(name, "float32", dims)),
    ],
    output: declarationsOf(graph, outputs),
  };
  const result = withGraph(model, {
    ...without,
    ...keepOnly(without, new GraphIndex(without), outputs),
  });
  const missing = new GraphIndex(result.graph).inputs.find((name) => !cut.has(name));
  if (missing !== undefined) {
    throw new InputError(
      `Cannot cut at [${[...cut]}]: [${outputs}] depend on "${missing}" as well`,
    );
  }
  return result;
}

/** Nodes, inputs, initialisers and annotations that `names` need. */
function keepOnly(graph: GraphProto, index: GraphIndex, names: readonly string[]) {
  const node = index.ancestors(names);
  const read = new Set([...node.flatMap(inputsOf), ...names]);
  const used = ({ name = "" }: { readonly name?: string }) => read.has(name);
  const made = new Set(node.flatMap((item) => item.output));
  return {
    node,
    input: graph.input.filter(used),
    initializer: graph.initializer.filter(used),
    valueInfo: graph.valueInfo.filter(({ name = "" }) => made.has(name)),
  };
}
