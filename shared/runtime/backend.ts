import type { KnownError } from "../errors.ts";

/** Where a network runs: in WebAssembly on the processor, or on the GPU through WebGPU. */
export type Backend = "wasm" | "webgpu";

/** The backend that was asked for is not there; the message says what was tried. */
export class BackendError extends Error implements KnownError {
  override readonly name = "BackendError";
  readonly kind = "backend-unavailable";
}
