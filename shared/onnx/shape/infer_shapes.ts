import { InputError } from "../../errors.ts";
import { Attributes } from "../attributes.ts";
import type { DataTypeName } from "../data_type.ts";
import type { Model } from "../model_file.ts";
import { describeNode, GraphIndex } from "../graph_index.ts";
import { isStandardDomain, opsetOf } from "../opset.ts";
import { own } from "../edit.ts";
import type { NodeProto, TensorProto, ValueInfoProto } from "../proto/types.ts";
import { UnusableNetworkError } from "../errors.ts";
import { declaredDims, declaredType } from "../value_info.ts";
import { checkWindow } from "./check_window.ts";
import { constantRules } from "./constant_rules.ts";
import { elementwiseRules } from "./elementwise_rules.ts";
import { type Fact, type ShapeRules, type ShapeScope, tensorFact } from "./fact.ts";
import { FoldBudget, foldValue } from "./fold_value.ts";
import { matmulRules } from "./matmul_rules.ts";
import { movementRules } from "./movement_rules.ts";
import { reduceRules } from "./reduce_rules.ts";
import { windowRules } from "./window_rules.ts";
import { elementCount } from "../../tensor/tensor.ts";
import { MAX_ELEMENTS, MAX_RANK } from "../limits.ts";

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
  const inference = new Inference(model, options);
  for (const node of new GraphIndex(model.graph).order) inference.visit(node);
  return inference.facts;
}

/** Inference under way: nodes can be visited as they turn up. */
export class Inference {
  /** What is known so far. */
  readonly facts: Map<string, Fact> = new Map();
  readonly #declared: ReadonlyMap<string | undefined, ValueInfoProto>;
  readonly #opset: number;
  readonly #budget = new FoldBudget();

  constructor(model: Model, { inputs = {} }: InferShapesOptions = {}) {
    const { graph } = model;
    this.#opset = opsetOf(model);
    this.#declared = new Map(
      [...graph.valueInfo, ...graph.output].map((info) => [info.name, info]),
    );
    for (const tensor of graph.initializer) this.store(tensor);
    for (const info of graph.input) {
      const name = info.name ?? "";
      if (this.facts.has(name)) continue;
      const dims = own(inputs, name) ?? closedDims(info);
      checkDims(`use the shape of the input "${name}"`, dims);
      this.facts.set(name, { type: declaredType(info) as DataTypeName, dims });
    }
  }

  /** Takes in an initialiser. */
  store(tensor: TensorProto): void {
    checkDims(`use the shape of the initialiser "${tensor.name ?? ""}"`, tensor.dims);
    this.facts.set(tensor.name ?? "", tensorFact(tensor));
  }

  /** Takes in a node whose inputs were taken in before. */
  visit(node: NodeProto): void {
    checkWindow(node, this.facts);
    const outputs = inferOutputs(node, this.facts, this.#opset, this.#budget);
    node.output.forEach((name, i) => {
      if (name === "") return;
      const fact = outputs?.[i] ?? declaredFact(this.#declared.get(name));
      if (fact) this.facts.set(name, fact);
    });
  }
}

/**
 * Facts of the outputs of one node, or undefined where too little is known of its inputs or there
 * is no rule for its operator.
 *
 * @throws {UnusableNetworkError} If the inputs' shapes do not fit the node.
 */
export function inferOutputs(
  node: NodeProto,
  facts: ReadonlyMap<string, Fact>,
  opset: number,
  budget: FoldBudget,
): readonly Fact[] | undefined {
  const rule = isStandardDomain(node.domain) ? own(SHAPE_RULES, node.opType) : undefined;
  if (rule === undefined) return undefined;
  const scope = scopeOf(node, facts, opset);
  const what = `infer the shape of ${describeNode(node)}`;
  try {
    const outputs = rule(scope);
    for (const { dims } of outputs) checkDims(what, dims);
    return foldValue(scope, affordable(outputs, budget), budget);
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    if (error instanceof UnusableNetworkError) throw error;
    if (error instanceof RangeError || error instanceof SyntaxError) {
      throw new UnusableNetworkError(`Cannot ${what}: ${error.message}`);
    }
    throw error;
  }
}

/** Facts without the elements that a rule made beyond the budget. */
function affordable(facts: readonly Fact[], budget: FoldBudget): readonly Fact[] {
  return facts.map((fact) => {
    if (fact.value === undefined || budget.spend(fact.value.length)) return fact;
    return { type: fact.type, dims: fact.dims };
  });
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
  checkDims(`use the shape of "${info?.name ?? ""}"`, dims as number[]);
  return { type: declaredType(info!) as DataTypeName, dims: dims as number[] };
}

/**
 * Refuses a shape that no tensor can have here.
 *
 * @param what For the message: `infer the shape of Conv "y"`.
 * @throws {UnusableNetworkError} If it has too many axes or elements, or an extent is no size.
 */
export function checkDims(what: string, dims: readonly number[]): void {
  if (dims.length > MAX_RANK) {
    throw new UnusableNetworkError(
      `Cannot ${what}: it has ${dims.length} axes, expected ${MAX_RANK} at most`,
    );
  }
  const isShape = dims.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  if (isShape && elementCount(dims) <= MAX_ELEMENTS) return;
  throw new UnusableNetworkError(
    `Cannot ${what}: it is [${dims.join(", ")}], expected whole numbers and ` +
      `${MAX_ELEMENTS} elements at most`,
  );
}
