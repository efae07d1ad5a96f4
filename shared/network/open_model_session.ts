import { byDepth, encodeModel, forProcessor, type Model, splitWeights } from "../onnx/mod.ts";
import { type Backend, openSession } from "../runtime/mod.ts";
import { comparedOnce } from "./compared_once.ts";
import type { OpenedSession } from "./session_cache.ts";

/** Nodes of a graph that ONNX Runtime optimises when it loads it; its time grows with their square. */
const MAX_OPTIMIZED = 8_000;

/** Opens a session of a model; on WebGPU its first run is compared with WASM. */
export async function openModelSession(model: Model, backend: Backend): Promise<OpenedSession> {
  const optimizes = model.graph.node.length <= MAX_OPTIMIZED;
  const written = backend === "webgpu" ? model : forProcessor(model);
  const ordered = optimizes ? written : byDepth(written);
  if (backend === "wasm") {
    const { bytes, weights } = splitWeights(ordered);
    const held = weights.values().reduce((sum, { length }) => sum + length, bytes.length);
    return { bytes: held, session: await openSession(bytes, { backend, optimizes, weights }) };
  }
  const bytes = encodeModel(ordered);
  const session = await openSession(bytes, { backend, optimizes });
  return {
    bytes: bytes.length,
    session: backend === "webgpu" ? comparedOnce(session, bytes) : session,
  };
}
