import { InputError } from "../../errors.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { Attributes } from "../attributes.ts";
import { type DataTypeName, dataTypeName } from "../data_type.ts";
import type { Model } from "../decode_model.ts";
import { describeNode, GraphIndex } from "../graph_index.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import type { NodeProto, TensorProto, ValueInfoProto } from "../proto/types.ts";
import { tensorOf } from "../tensor_proto.ts";
import { declaredDims, declaredType } from "../value_info.ts";
import { constantRules } from "./constant_rules.ts";
import { elementwiseRules } from "./elementwise_rules.ts";
import { type Fact, MAX_FOLDED, type ShapeRules, type ShapeScope } from "./fact.ts";
import { foldValue } from "./fold_value.ts";
import { matmulRules } from "./matmul_rules.ts";
import { movementRules } from "./movement_rules.ts";
import { reduceRules } from "./reduce_rules.ts";
import { windowRules } from "./window_rules.ts";

/** Every operator whose shapes are known. */
export const SHAPE_RULES: ShapeRules = {
  ...constantRules,
  ...elementwiseRules,
  ...matmulRules,
  ...movementRules,
  ...reduceRules,
  ...windowRules,
};

export interface InferShapesOptions {
  /** Shapes of inputs. Where none is given, the declared one counts, with a batch of 1. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
}

/** Thrown inside a rule when it asks for what is not known; the node's outputs stay unknown too. */
class Unknown extends RangeError {}

/**
 * Type and shape of every value of a model for inputs of fixed shapes, and the elements of the
 * small ones that follow from shapes alone.
 *
 * Values made by operators without a rule are taken from the file's declarations where those are
 * complete, and are absent from the result otherwise.
 *
 * @param model Of operator set 18 or later; see {@linkcode upgradeModel}.
 * @throws {RangeError} If an input's shape is open, or shapes do not fit a node; with its name.
 */
export function inferShapes(model: Model, options: InferShapesOptions = {}): Map<string, Fact> {
  const { graph } = model;
  const index = new GraphIndex(graph);
  const facts = new Map<string, Fact>();
  for (const tensor of graph.initializer) facts.set(tensor.name ?? "", initializerFact(tensor));
  for (const info of graph.input) {
    const name = info.name ?? "";
    if (facts.has(name)) continue;
    const dims = options.inputs?.[name] ?? closedDims(info);
    facts.set(name, { type: declaredType(info) as DataTypeName, dims });
  }
  const declared = new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name, info]));
  const opset = opsetOf(model);
  for (const node of index.order) {
    const outputs = inferOutputs(node, facts, opset);
    node.output.forEach((name, i) => {
      if (name === "") return;
      const fact = outputs?.[i] ?? declaredFact(declared.get(name));
      if (fact) facts.set(name, fact);
    });
  }
  return facts;
}

/**
 * Facts of the outputs of one node, or undefined where too little is known of its inputs or there
 * is no rule for its operator.
 *
 * @throws {RangeError} If the inputs' shapes do not fit the node.
 */
export function inferOutputs(
  node: NodeProto,
  facts: ReadonlyMap<string, Fact>,
  opset: number,
): readonly Fact[] | undefined {
  const rule = isStandardDomain(node.domain) ? SHAPE_RULES[node.opType ?? ""] : undefined;
  if (rule === undefined) return undefined;
  const scope = scopeOf(node, facts, opset);
  try {
    return foldValue(scope, rule(scope));
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    if (error instanceof RangeError || error instanceof SyntaxError) {
      throw new InputError(`Cannot infer the shape of ${describeNode(node)}: ${error.message}`);
    }
    throw error;
  }
}

function scopeOf(node: NodeProto, facts: ReadonlyMap<string, Fact>, opset: number): ShapeScope {
  const fact = (i: number) => {
    const found = facts.get(node.input[i] ?? "");
    if (found === undefined) throw new Unknown(`nothing is known of input ${i}`);
    return found;
  };
  return {
    node,
    attributes: new Attributes(node),
    opset,
    inputCount: node.input.length,
    has: (i) => Boolean(node.input[i]),
    fact,
    dims: (i) => fact(i).dims,
    value(i) {
      const { value } = fact(i);
      if (value === undefined) throw new Unknown(`input ${i} is only known at run time`);
      return value;
    },
  };
}

function initializerFact(tensor: TensorProto): Fact {
  const type = dataTypeName(tensor.dataType) as DataTypeName;
  const { dims } = tensor;
  if (elementCount(dims) > MAX_FOLDED || type === "string") return { type, dims };
  return { type, dims, value: Array.from(tensorOf(tensor).data, Number) };
}

/** The declared shape with an open batch taken as 1. */
function closedDims(info: ValueInfoProto): number[] {
  const dims = declaredDims(info);
  if (dims === undefined) {
    throw new InputError(`Cannot infer shapes: the shape of input "${info.name}" is not declared`);
  }
  return dims.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    if (axis === 0) return 1;
    throw new InputError(
      `Cannot infer shapes: axis ${axis} of input "${info.name}" is open (${dim ?? "?"}); ` +
        `give the input's shape`,
    );
  });
}

function declaredFact(info: ValueInfoProto | undefined): Fact | undefined {
  const dims = info && declaredDims(info);
  if (!dims?.every((dim) => typeof dim === "number")) return undefined;
  return { type: declaredType(info!) as DataTypeName, dims: dims as number[] };
}
