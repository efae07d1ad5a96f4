import {
  Attributes,
  type Fact,
  GraphIndex,
  inputsOf,
  int64List,
  isStandardDomain,
  type Model,
  newNode,
  type NodeProto,
  operatorOf,
  protoOf,
  valueInfo,
  withGraph,
  withOutputs,
} from "../onnx/mod.ts";

type Facts = ReadonlyMap<string, Fact>;

/** Operators that only change the shape; with one class left there is nothing to change. */
const RESHAPE: ReadonlySet<string> = new Set(["Flatten", "Reshape", "Squeeze"]);

/** Operators between the scores and a constant that has a value for each class, or one for all. */
const WITH_CONSTANT: ReadonlySet<string> = new Set(["Add", "Div", "Mul", "Sub"]);

/** The place of a bias among the inputs of a product. */
const BIAS = 2;

/** Which axis of each input of a product belongs to the classes. */
type ClassAxes = (node: NodeProto, facts: Facts) => Readonly<Record<number, number>> | undefined;

const PRODUCTS: Readonly<Record<string, ClassAxes>> = {
  Conv: (node) => new Attributes(node).int("group", 1) === 1 ? { 1: 0, 2: 0 } : undefined,
  Gemm: (node) => ({ 1: new Attributes(node).int("transB", 0) === 1 ? 0 : 1, 2: -1 }),
  MatMul: ({ input }, facts) => facts.get(input[1])?.dims.length === 2 ? { 1: 1 } : undefined,
};

/**
 * The model that computes the score of one class only: the last product has one row, if what is
 * between it and the scores allows that.
 *
 * @param model Of operator set 18 or later.
 * @param facts What is known of its values.
 * @param scores The tensor of the scores of all classes, of batch 1; in the result it has one
 * element.
 * @returns Undefined where the row cannot be taken out.
 */
export function selectClass(
  model: Model,
  facts: Facts,
  scores: string,
  index: number,
): Model | undefined {
  const cut = withOutputs(model, [scores]);
  const graph = new GraphIndex(cut.graph);
  const chosen = `${scores}/class_${index}`;
  const narrowed = narrow(graph, facts, scores, chosen);
  // Another reader would find the other classes missing.
  const isShared = [...narrowed?.nodes.keys() ?? []].some(({ output: [value] }) =>
    value !== scores && graph.consumers(value).length > 1
  );
  if (!narrowed || isShared) return undefined;
  const { rows, nodes } = narrowed;
  return withOutputs(
    withGraph(cut, {
      node: [...rows, ...cut.graph.node.map((node) => nodes.get(node) ?? node)],
      initializer: [...cut.graph.initializer, protoOf(chosen, int64List([index]))],
      output: [],
      valueInfo: [],
    }),
    [scores],
  );
}

/** A model that computes the score of one class beside those of all. */
export interface WithChosenClass {
  readonly model: Model;
  /** The tensor of the class's score, of one element. */
  readonly score: string;
}

/**
 * The model with a second way to the score of one class, whose last product has one row. The row is
 * taken out when the model runs: which it is, is a new input `indexInput`, an int64 of shape [1].
 * So a gradient of that score goes through one row of the weights, and one model serves all classes.
 *
 * @param model As of {@linkcode selectClass}, and so are `facts` and `scores`.
 * @param graph Of the model, where it is there already.
 * @returns Undefined where the row cannot be taken out.
 */
export function withChosenClass(
  model: Model,
  facts: Facts,
  scores: string,
  indexInput: string,
  graph: GraphIndex = new GraphIndex(model.graph),
): WithChosenClass | undefined {
  const narrowed = narrow(graph, facts, scores, indexInput);
  if (!narrowed) return undefined;
  const own = new Set([...narrowed.nodes.keys()].flatMap(({ output }) => output.filter(Boolean)));
  const beside = (name: string) => own.has(name) ? `${name}/${indexInput}` : name;
  const nodes = [...narrowed.nodes.values()].map((node): NodeProto => ({
    ...node,
    name: "",
    input: node.input.map(beside),
    output: node.output.map(beside),
  }));
  return {
    score: beside(scores),
    model: withGraph(model, {
      input: [...model.graph.input, valueInfo(indexInput, "int64", [1])],
      node: [...model.graph.node, ...narrowed.rows, ...nodes.toReversed()],
    }),
  };
}

/** What computes the score of one class. */
interface Narrowed {
  /** Take the row of the class out of constants. */
  readonly rows: readonly NodeProto[];
  /** By the node of all classes, that of the one; from the scores back to the product. */
  readonly nodes: ReadonlyMap<NodeProto, NodeProto>;
}

/** @param chosen The tensor that has the index of the class, an int64 of shape [1]. */
function narrow(
  graph: GraphIndex,
  facts: Facts,
  scores: string,
  chosen: string,
): Narrowed | undefined {
  const classes = facts.get(scores)?.dims.reduce((a, b) => a * b, 1);
  const nodes = new Map<NodeProto, NodeProto>();
  const rows: NodeProto[] = [];
  const isConstant = (name: string) =>
    graph.ancestors([name]).every((node) => node.input.length === 0) &&
    !graph.inputs.includes(name);
  const row = (name: string, axis: number): string => {
    const output = `${name}/${chosen}`;
    if (rows.every((node) => node.output[0] !== output)) {
      rows.push(newNode("Gather", [name, chosen], [output], { axis }));
    }
    return output;
  };
  let isReduced = false;
  for (let value = scores;;) {
    const node = graph.producer(value);
    const dims = facts.get(value)?.dims;
    if (!node || !dims || !isStandardDomain(node.domain)) return undefined;
    const opType = node.opType ?? "";
    const product = PRODUCTS[opType];
    if (product) {
      const axes = product(node, facts);
      if (!axes || dims[1] !== classes) return undefined;
      const input = node.input.map((name, i) => {
        const isBiasOfAll = i === BIAS && size(facts, name) === 1;
        if (axes[i] === undefined || name === "" || isBiasOfAll) return name;
        const hasRows = isConstant(name) && facts.get(name)?.dims.at(axes[i]) === classes;
        return hasRows ? row(name, axes[i]) : undefined;
      });
      if (input.includes(undefined)) return undefined;
      nodes.set(node, { ...node, input: input as string[] });
      return { rows, nodes };
    }
    if (RESHAPE.has(opType)) {
      // What is reduced behind it needs the axes that it makes.
      if (isReduced || size(facts, value) !== classes) return undefined;
      nodes.set(node, newNode("Identity", [node.input[0]], [value]));
    } else if (WITH_CONSTANT.has(opType)) {
      const other = node.input.findIndex(isConstant);
      const { [other]: constant } = node.input;
      // With a constant that repeats what it is added to, an element is no class.
      if (other < 0 || `${facts.get(node.input[1 - other])?.dims}` !== `${dims}`) return undefined;
      const axis = 1 - dims.length + (facts.get(constant)?.dims.length ?? 0);
      const isNumber = size(facts, constant) === 1;
      const hasRows = size(facts, constant) === classes &&
        facts.get(constant)?.dims[axis] === classes;
      if (!isNumber && !hasRows) return undefined;
      const input = node.input.map((name, i) => i === other && !isNumber ? row(name, axis) : name);
      nodes.set(node, { ...node, input });
      value = node.input[1 - other];
      continue;
    } else if (keepsClasses(node, (name) => isConstant(name) && size(facts, name) === 1)) {
      isReduced ||= operatorOf(node)?.kind === "reduction";
      nodes.set(node, node);
    } else return undefined;
    [value] = node.input;
  }
}

/** Whether a node makes of each class one value of that class, by the same numbers for all. */
function keepsClasses(node: NodeProto, isNumber: (name: string) => boolean): boolean {
  const { keepsChannels, kind = "source" } = operatorOf(node) ?? {};
  const [first, ...others] = inputsOf(node);
  return keepsChannels === true && ["pointwise", "reduction"].includes(kind) &&
    first === node.input[0] && !isNumber(first) && others.every(isNumber);
}

const size = (facts: Facts, name: string) =>
  facts.get(name)?.dims.reduce((product, extent) => product * extent, 1);
