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
  type TensorProto,
  withGraph,
  withOutputs,
} from "../onnx/mod.ts";

type Facts = ReadonlyMap<string, Fact>;

/** Operators that only change the shape; with one class left there is nothing to change. */
const RESHAPE: ReadonlySet<string> = new Set(["Flatten", "Reshape", "Squeeze"]);

/** Operators between the scores and a constant that has a value for each class, or one for all. */
const WITH_CONSTANT: ReadonlySet<string> = new Set(["Add", "Div", "Mul", "Sub"]);

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
  const classes = facts.get(scores)?.dims.reduce((a, b) => a * b, 1);
  const replaced = new Map<NodeProto, NodeProto>();
  const made: NodeProto[] = [];
  const constants: TensorProto[] = [];
  const isConstant = (name: string) =>
    graph.ancestors([name]).every((node) => node.input.length === 0) &&
    !graph.inputs.includes(name);
  const row = (name: string, axis: number): string => {
    const output = `${name}/class_${index}`;
    if (made.some((node) => node.output[0] === output)) return output;
    const chosen = `${output}/index`;
    constants.push(protoOf(chosen, int64List([index])));
    made.push(newNode("Gather", [name, chosen], [output], { axis }));
    return output;
  };
  for (let value = scores;;) {
    const node = graph.producer(value);
    const dims = facts.get(value)?.dims;
    if (!node || !dims || !isStandardDomain(node.domain)) return undefined;
    // Another reader would find the other classes missing.
    if (value !== scores && graph.consumers(value).length > 1) return undefined;
    const opType = node.opType ?? "";
    const product = PRODUCTS[opType];
    if (product) {
      const axes = product(node, facts);
      const channels = dims[dims.length === 1 ? 0 : 1];
      if (!axes || channels !== classes) return undefined;
      const input = node.input.map((name, i) => {
        if (axes[i] === undefined || name === "" || size(facts, name) === 1) return name;
        return isConstant(name) ? row(name, axes[i]) : undefined;
      });
      if (input.includes(undefined)) return undefined;
      replaced.set(node, { ...node, input: input as string[] });
      break;
    }
    if (RESHAPE.has(opType)) {
      if (size(facts, value) !== classes) return undefined;
      replaced.set(node, newNode("Identity", [node.input[0]], [value]));
    } else if (WITH_CONSTANT.has(opType)) {
      const other = node.input.findIndex(isConstant);
      const { [other]: constant } = node.input;
      if (other < 0 || facts.get(node.input[1 - other])?.dims.length !== dims.length) {
        return undefined;
      }
      if (size(facts, constant) !== 1) {
        const axis = 1 - dims.length + facts.get(constant)!.dims.length;
        if (axis < 0 || size(facts, constant) !== classes) return undefined;
        const input = node.input.map((name, i) => i === other ? row(name, axis) : name);
        replaced.set(node, { ...node, input });
      }
      value = node.input[1 - other];
      continue;
    } else if (!keepsClasses(node, (name) => isConstant(name) && size(facts, name) === 1)) {
      return undefined;
    }
    [value] = node.input;
  }
  return withOutputs(
    withGraph(cut, {
      node: [...made, ...cut.graph.node.map((node) => replaced.get(node) ?? node)],
      initializer: [...cut.graph.initializer, ...constants],
      output: [],
      valueInfo: [],
    }),
    [scores],
  );
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
