/**
 * Runs networks on ONNX Runtime: WebGPU where there is a GPU, else the native build where it is
 * installed, else WASM. The only importer of onnxruntime-web and onnxruntime-node; takes bytes and never edits a graph.
 *
 * @module
 */
export * from "./backend.ts";
export * from "./choose_backend.ts";
export { configureRuntime, type RuntimeConfig } from "./ort.ts";
export * from "./parity.ts";
export { RunQueue, runQueue } from "./run_queue.ts";
export { RuntimeError } from "./runtime_error.ts";
export { openSession, type RunOptions, type Session, type SessionOptions } from "./session.ts";
export type { TensorInfo } from "./feeds.ts";
