import type { KnownError } from "../errors.ts";

/**
 * Where networks run: in WebAssembly on the processor, on the GPU through WebGPU, or in ONNX
 * Runtime's native build, which servers and scripts can install.
 */
export const BACKENDS = ["wasm", "webgpu", "native"] as const;

export type Backend = typeof BACKENDS[number];

/** What can be asked for. */
export const REQUESTED_BACKENDS = ["auto", ...BACKENDS] as const;

/** How a person reads a backend's name. */
export const BACKEND_TITLES: Readonly<Record<Backend, string>> = {
  wasm: "WASM",
  webgpu: "WebGPU",
  native: "native ONNX Runtime",
};

/** The backend that was asked for is not there; the message says what was tried. */
export class BackendError extends Error implements KnownError {
  override readonly name = "BackendError";
  readonly kind = "backend-unavailable";
}
