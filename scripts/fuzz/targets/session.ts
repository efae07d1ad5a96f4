import {
  decodeModel,
  encodeModel,
  type Fact,
  inferShapes,
  type Model,
  upgradeModel,
  withOutputs,
} from "../../../shared/onnx/mod.ts";
import { isStandardDomain } from "../../../shared/onnx/opset.ts";
import { differentiate, energy } from "../../../shared/grad/mod.ts";
import { SHAPE_RULES } from "../../../shared/onnx/shape/infer_shapes.ts";
import { prepareModel } from "../../../shared/network/open/prepare_model.ts";
import { openSession, type Session } from "../../../shared/runtime/mod.ts";
import {
  type ElementArrays,
  elementCount,
  type ElementType,
  type Tensor,
} from "../../../shared/tensor/tensor.ts";
import { mutateNetwork } from "../mutate_network.ts";
import { networkSeeds } from "../seeds/networks.ts";
import { Mismatch, type Target } from "../target.ts";

/** Elements of all tensors together beyond which a network is not run: they are right, and slow. */
const MOST_ELEMENTS = 2 ** 20;

/** Without passes over the graph: they take longer than the run, and refuse and change nothing. */
const QUICKLY = { backend: "wasm", optimizes: false } as const;

export const session: Target = {
  name: "session",
  summary: "one run in ONNX Runtime, whose shapes are those that were inferred, and its gradient's",
  seeds: networkSeeds,
  endings: [".onnx"],
  mutate: (draw, seeds) => mutateNetwork(draw, seeds, 0.05),
  async run(bytes) {
    const model = upgradeModel(prepareModel(decodeModel(bytes)).model);
    const facts = inferShapes(model);
    const known = inferredTensors(model, facts);
    if (known.length === 0) return;
    await runForward(model, known, facts);
    await runGradient(model, facts);
  },
  batch: 2_000,
};

async function runForward(
  model: Model,
  known: readonly string[],
  facts: ReadonlyMap<string, Fact>,
): Promise<void> {
  await using session = await openSession(encodeModel(withOutputs(model, known)), QUICKLY);
  const made = await session.run(feedsOf(session, facts));
  for (const [name, { dims }] of Object.entries(made)) {
    const inferred = facts.get(name)!.dims;
    if (`${inferred}` === `${dims}`) continue;
    throw new Mismatch(`"${name}" is [${dims}], and was inferred as [${inferred}]`);
  }
}

/** What cannot be differentiated is refused by name; what can be has to run as well. */
async function runGradient(model: Model, facts: ReadonlyMap<string, Fact>): Promise<void> {
  const [input, output] = [model.graph.input[0]?.name ?? "", model.graph.output.at(-1)?.name ?? ""];
  const dims = facts.get(input)?.dims;
  if (!dims) return;
  const { model: backward, gradients } = differentiate(model, {
    objective: energy(output),
    wrt: [input],
  });
  const constants = backward.graph.initializer.map((tensor) => elementCount(tensor.dims));
  if (constants.reduce((sum, count) => sum + count, 0) > MOST_ELEMENTS) return;
  await using session = await openSession(encodeModel(backward), QUICKLY);
  const name = gradients[input];
  const { [name]: gradient } = await session.run(feedsOf(session, facts), [name]);
  if (`${gradient.dims}` === `${dims}`) return;
  throw new Mismatch(`the gradient by "${input}" is [${gradient.dims}], expected [${dims}]`);
}

const feedsOf = ({ inputs }: Session, facts: ReadonlyMap<string, Fact>) =>
  Object.fromEntries(inputs.map(({ name }) => [name, ones(facts.get(name)!)]));

/** Tensors whose shapes follow from rules, if they can be run. */
function inferredTensors({ graph }: Model, facts: ReadonlyMap<string, Fact>): string[] {
  const nodes = graph.node.filter(({ opType = "", domain, input }) =>
    isStandardDomain(domain) && Object.hasOwn(SHAPE_RULES, opType) &&
    // Of what has no elements ONNX Runtime reduces other axes than negative ones say.
    !(opType.startsWith("Reduce") && facts.get(input[0])?.dims.includes(0))
  );
  const names = nodes.flatMap(({ output }) => output).filter((name) => facts.has(name));
  const elements = [...facts.values()].map(({ dims }) => elementCount(dims));
  return elements.reduce((sum, count) => sum + count, 0) > MOST_ELEMENTS ? [] : names;
}

type Numbers = Exclude<ElementType, "bfloat16">;

const ARRAYS: { readonly [Type in Numbers]: (count: number) => ElementArrays[Type] } = {
  float32: (count) => new Float32Array(count).fill(1),
  float64: (count) => new Float64Array(count).fill(1),
  float16: (count) => new Uint16Array(count).fill(0x3c00),
  int8: (count) => new Int8Array(count).fill(1),
  int16: (count) => new Int16Array(count).fill(1),
  int32: (count) => new Int32Array(count).fill(1),
  int64: (count) => new BigInt64Array(count).fill(1n),
  uint8: (count) => new Uint8Array(count).fill(1),
  uint16: (count) => new Uint16Array(count).fill(1),
  uint32: (count) => new Uint32Array(count).fill(1),
  uint64: (count) => new BigUint64Array(count).fill(1n),
  bool: (count) => new Uint8Array(count).fill(1),
};

function ones({ type, dims }: Fact): Tensor {
  const count = elementCount(dims);
  return { type: type as ElementType, dims, data: ARRAYS[type as Numbers](count) };
}
