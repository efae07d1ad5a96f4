import {
  cutModel,
  encodeModel,
  type Fact,
  GraphIndex,
  hasSequences,
  inferShapes,
  inputsOf,
  type Model,
  type NodeProto,
  protoOf,
  takeKnownBranches,
  type TensorProto,
  upgradeModel,
  withGraph,
} from "../onnx/mod.ts";
import { openSession } from "../runtime/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import { varyingTensors } from "./feature_maps.ts";

/** What is settled in one round decides what can be in the next. */
const MAX_ROUNDS = 16;

/** Elements of a constant, and of all that are computed on the way to it. */
const MAX_ELEMENTS = 2 ** 20;

/** Operators whose shape depends on values, and that give no more than they get. */
const BOUNDED = new Set(["Compress", "NonZero", "Unique"]);

/** Operators that give something else each time. */
const RANDOM = /^(Random|Multinomial|Bernoulli|Dropout)/;

/**
 * The model with what follows from its weights and from the shape of its input computed by ONNX
 * Runtime, where shapes depend on it that are not known otherwise: pads, repeats and indices as
 * exporters write them, with any operator. Sequences of tensors become the tensors. A model without
 * them whose shapes are all known is returned as it is.
 *
 * @param input Name and shape of the only input.
 */
export async function settleConstants(
  model: Model,
  input: { readonly name: string; readonly dims: readonly number[] },
): Promise<Model> {
  let settled = model;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const inputs = { [input.name]: input.dims };
    if (hasSequences(settled)) {
      settled = takeKnownBranches(upgradeModel(settled), { inputs }).model;
    }
    const upgraded = upgradeModel(settled);
    const facts = inferShapes(upgraded, { inputs });
    const index = new GraphIndex(upgraded.graph);
    if ([...varyingTensors(index, input.name)].every((name) => name === "" || facts.has(name))) {
      return settled;
    }
    const wanted = computable(index, facts);
    if (wanted.length === 0) return settled;
    const values = await compute(upgraded, facts, wanted);
    if (!values) return settled;
    settled = withConstants(upgraded, values);
  }
  return settled;
}

/** Tensors of known shape and unknown value that follow from values that are known. */
function computable(index: GraphIndex, facts: ReadonlyMap<string, Fact>): string[] {
  const fixed = new Set(index.graph.initializer.map(({ name = "" }) => name));
  const isKnown = (name: string) => fixed.has(name) || facts.get(name)?.value !== undefined;
  const isSmall = (name: string) => {
    const fact = facts.get(name);
    return fact !== undefined && elementCount(fact.dims) <= MAX_ELEMENTS;
  };
  const found: string[] = [];
  for (const node of index.order) {
    const outputs = node.output.filter((name) => name !== "");
    const isComputable = node.opType !== "Constant" && !RANDOM.test(node.opType ?? "") &&
      inputsOf(node).every((name) => name === "" || isKnown(name)) &&
      outputs.every((name) =>
        !isKnown(name) && (isSmall(name) || BOUNDED.has(node.opType ?? ""))
      ) &&
      !hasBranches(node);
    if (!isComputable) continue;
    found.push(...outputs);
    for (const name of outputs) fixed.add(name);
  }
  return found;
}

/** What branches read from around them is not among a node's inputs. */
const hasBranches = (node: NodeProto) => node.attribute.some(({ g }) => g !== undefined);

/** The values of some tensors; undefined where ONNX Runtime cannot compute them. */
async function compute(
  model: Model,
  facts: ReadonlyMap<string, Fact>,
  names: readonly string[],
): Promise<Record<string, Tensor> | undefined> {
  const known = new Map(
    [...facts].filter(([, { value }]) => value !== undefined)
      .map(([name, fact]) => [name, protoOf(name, tensorOfFact(fact))]),
  );
  const part = cutModel(withKnown(model, known), [], names);
  try {
    await using session = await openSession(encodeModel(part), { backend: "wasm" });
    return await session.run({}, names);
  } catch {
    // Another operator, or one that needs more than is known: then the shapes stay unknown.
    return undefined;
  }
}

const MOST = 2n ** 63n - 1n;

/** The largest int64, which stands for "to the end", is rounded up as a number. */
function toInt64(value: number): bigint {
  const exact = BigInt(value);
  return exact > MOST ? MOST : exact;
}

function tensorOfFact({ type, dims, value = [] }: Fact): Tensor {
  const data = {
    int64: () => BigInt64Array.from(value, toInt64),
    int32: () => Int32Array.from(value),
    bool: () => Uint8Array.from(value),
    float32: () => Float32Array.from(value),
  };
  if (!(type in data)) throw new TypeError(`Cannot hold a known value of ${type}`);
  return { type, dims, data: data[type as keyof typeof data]() } as Tensor;
}

const withConstants = (model: Model, values: Readonly<Record<string, Tensor>>): Model =>
  withKnown(
    model,
    new Map(Object.entries(values).map(([name, tensor]) => [name, protoOf(name, tensor)])),
  );

/** The model with tensors in place of what computes them. */
function withKnown(model: Model, known: ReadonlyMap<string, TensorProto>): Model {
  const { node, initializer } = model.graph;
  const held = new Set(initializer.map(({ name }) => name));
  const inputs = new Set(model.graph.input.map(({ name }) => name));
  const added = [...known].filter(([name]) => !held.has(name) && !inputs.has(name));
  const names = new Set(added.map(([name]) => name));
  return withGraph(model, {
    // A node with another output that is needed stays, under another name for what is held.
    node: node.filter(({ output }) => !output.every((name) => name === "" || names.has(name)))
      .map((item) => ({
        ...item,
        output: item.output.map((name) => names.has(name) ? `${name}/computed` : name),
      })),
    initializer: [...initializer, ...added.map(([, tensor]) => tensor)],
  });
}
