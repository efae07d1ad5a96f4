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
import { SHAPE_RULES } from "../../../shared/onnx/shape/infer_shapes.ts";
import { prepareModel } from "../../../shared/network/open/prepare_model.ts";
import { openSession } from "../../../shared/runtime/mod.ts";
import type { ElementArrays, ElementType, Tensor } from "../../../shared/tensor/tensor.ts";
import { mutateNetwork } from "../mutate_network.ts";
import { networkSeeds } from "../seeds/networks.ts";
import { Mismatch, type Target } from "../target.ts";

/** Elements of all tensors together beyond which a network is not run: they are right, and slow. */
const MOST_ELEMENTS = 2 ** 22;

export const session: Target = {
  name: "session",
  summary: "one run in ONNX Runtime: its shapes are those that were inferred",
  seeds: networkSeeds,
  endings: [".onnx"],
  mutate: (draw, seeds) => mutateNetwork(draw, seeds, 0.05),
  async run(bytes) {
    const model = upgradeModel(prepareModel(decodeModel(bytes)).model);
    const facts = inferShapes(model);
    const known = inferredTensors(model, facts);
    if (known.length === 0) return;
    await using session = await openSession(encodeModel(withOutputs(model, known)), {
      backend: "wasm",
      optimizes: false,
    });
    const feeds = Object.fromEntries(
      session.inputs.map(({ name }) => [name, ones(facts.get(name)!)]),
    );
    const made = await session.run(feeds);
    for (const [name, { dims }] of Object.entries(made)) {
      const inferred = facts.get(name)!.dims;
      if (`${inferred}` === `${dims}`) continue;
      throw new Mismatch(`"${name}" is [${dims}], and was inferred as [${inferred}]`);
    }
  },
  batch: 400,
};

/** Tensors whose shapes follow from rules, if they can be run. */
function inferredTensors({ graph }: Model, facts: ReadonlyMap<string, Fact>): string[] {
  const nodes = graph.node.filter(({ opType = "", domain }) =>
    isStandardDomain(domain) && Object.hasOwn(SHAPE_RULES, opType)
  );
  const names = nodes.flatMap(({ output }) => output).filter((name) => facts.has(name));
  const elements = [...facts.values()].map(({ dims }) => dims.reduce((a, b) => a * b, 1));
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
  const count = dims.reduce((a, b) => a * b, 1);
  return { type: type as ElementType, dims, data: ARRAYS[type as Numbers](count) };
}
