import {
  byDepth,
  encodeModel,
  forProcessor,
  GraphIndex,
  keptOnGpu,
  type Model,
  splitWeights,
  withOutputs,
} from "../onnx/mod.ts";
import {
  type Backend,
  BackendMismatchError,
  checkParity,
  openSession,
  type Session,
} from "../runtime/mod.ts";
import type { OpenedSession } from "./session_cache.ts";
import type { Network } from "./network.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Nodes of a graph that ONNX Runtime optimises when it loads it; its time grows with their square. */
const MAX_OPTIMIZED = 8_000;

/** Opens a session of a model; on WebGPU its first run is compared with WASM. */
export async function openModelSession(model: Model, backend: Backend): Promise<OpenedSession> {
  const optimizes = model.graph.node.length <= MAX_OPTIMIZED;
  const ordered = byDepth(backend === "webgpu" ? keptOnGpu(model) : forProcessor(model));
  if (backend === "wasm") {
    const { bytes, weights } = splitWeights(ordered);
    const held = weights.values().reduce((sum, { length }) => sum + length, bytes.length);
    return { bytes: held, session: await openSession(bytes, { backend, optimizes, weights }) };
  }
  const bytes = encodeModel(ordered);
  const session = await openSession(bytes, { backend, optimizes });
  return {
    bytes: bytes.length,
    session: backend === "webgpu" ? comparedOnce(session, () => encodeModel(model)) : session,
  };
}

/**
 * Compares every tensor that the file itself has with what WASM makes of the file.
 *
 * @throws {BackendMismatchError} If WebGPU computes something else.
 */
export async function compareWithWasm(network: Network, signal?: AbortSignal): Promise<void> {
  const { file } = network;
  const names = new GraphIndex(file.graph).order
    .flatMap((node) => node.output)
    .filter((name) => network.facts.get(name)?.type === "float32");
  await checkParity(encodeModel(keptOnGpu(withOutputs(network.model, names))), {
    inputs: { [network.inputName]: network.inputDims },
    outputs: names,
    reference: encodeModel(withOutputs(file, names)),
    signal,
  });
}

/**
 * Largest difference that rounding explains, as the norm of the difference over that of the values.
 * A value within rounding of a kink switches a gradient's whole receptive field: in published
 * networks by up to 3 % of the largest value; a wrong operator by much more.
 */
const TOLERANCE = 0.05;

/**
 * A session on WebGPU whose first run is repeated on WASM.
 *
 * @param reference The model as it was before it was written for the GPU.
 */
export function comparedOnce(webgpu: Session, reference: () => Uint8Array): Session {
  let compared = false;
  return {
    ...{ backend: webgpu.backend, inputs: webgpu.inputs, outputs: webgpu.outputs },
    async run(feeds, outputs, options) {
      const results = await webgpu.run(feeds, outputs, options);
      if (compared) return results;
      await using wasm = await openSession(reference(), { backend: "wasm" });
      const expected = await wasm.run(feeds, outputs, options);
      for (const [tensor, values] of Object.entries(results)) {
        const relative = relativeNorm(values, expected[tensor]);
        if (!(relative <= TOLERANCE)) throw new BackendMismatchError({ tensor, relative });
      }
      compared = true;
      return results;
    },
    dispose: () => webgpu.dispose(),
    [Symbol.asyncDispose]: () => webgpu.dispose(),
  };
}

/** Of what is finite on both; endless where only one is. */
function relativeNorm(actual: Tensor, expected: Tensor): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.data.length; i++) {
    const [a, b] = [Number(actual.data[i]), Number(expected.data[i])];
    if (Object.is(a, b)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    difference += (a - b) ** 2;
    norm += b ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
