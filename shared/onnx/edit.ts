import { InputError } from "../errors.ts";
import type { Model } from "./model_file.ts";
import { GraphIndex, inputsOf } from "./graph_index.ts";
import type { GraphProto, NodeProto, ValueInfoProto } from "./proto/types.ts";
import { declaredType, valueInfo } from "./value_info.ts";
import { attributes, type AttributeValues } from "./attributes.ts";

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

/**
 * The row of a table under a name out of a file; undefined for names that only every object has,
 * such as "constructor".
 */
export function own<T>(
  table: Readonly<Record<string, T>>,
  name: string | undefined,
): T | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** A node of a standard operator, named after its first output. */
export function newNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  values: AttributeValues = {},
): NodeProto {
  return {
    opType,
    name: output[0],
    input,
    output,
    attribute: attributes(values),
    metadataProps: [],
  };
}

/** A graph with all names that it makes or reads changed, those in graphs inside it too. */
export function renamedGraph(graph: GraphProto, rename: (name: string) => string): GraphProto {
  return {
    ...graph,
    node: graph.node.map((node) => ({
      ...node,
      input: node.input.map(rename),
      output: node.output.map(rename),
      attribute: node.attribute.map((held) =>
        held.g ? { ...held, g: renamedGraph(held.g, rename) } : held
      ),
    })),
    input: graph.input.map((info) => ({ ...info, name: rename(info.name ?? "") })),
    output: graph.output.map((info) => ({ ...info, name: rename(info.name ?? "") })),
    initializer: graph.initializer.map((tensor) => ({
      ...tensor,
      name: rename(tensor.name ?? ""),
    })),
  };
}

/**
 * The model for inputs of another shape. What the file says of the shapes behind the input is left
 * out: the runtime infers them, or says which operator does not fit.
 */
export function resizeInput(model: Model, name: string, dims: readonly number[]): Model {
  const { input, output } = model.graph;
  return withGraph(model, {
    input: input.map((info) => info.name === name ? withDims(info, dims) : info),
    output: output.map((info) => withDims(info)),
    valueInfo: [],
  });
}

/** The same declaration with another shape, or with none. */
function withDims(info: ValueInfoProto, dims?: readonly number[]): ValueInfoProto {
  const elemType = info.type?.tensorType?.elemType;
  // An output that was added may say nothing; a type without its element is refused.
  if (elemType === undefined) return { ...info, type: undefined };
  const shape = dims && { dim: dims.map((dimValue) => ({ dimValue })) };
  return { ...info, type: { tensorType: { elemType, shape } } };
}
