import type * as Ort from "onnxruntime-web";
import { type Backend, BackendError } from "./backend.ts";
import { findNative, NATIVE_REMEDY } from "./native_build.ts";

export type { Ort };

export interface RuntimeConfig {
  /**
   * Folder or files of ONNX Runtime's WebAssembly, for pages that serve it elsewhere.
   *
   * @default beside ONNX Runtime's own script
   */
  readonly wasmPaths?: Ort.Env.WasmPrefixOrFilePaths;
  /**
   * Threads of each session of the native build; the others always have one. Where several workers
   * share the cores, one each is fastest.
   *
   * @default 1
   */
  readonly threads?: number;
}

/** The smallest build that has the backend; each is loaded when it is first needed. */
const BUILDS: Readonly<Record<Backend, () => Promise<typeof Ort>>> = {
  wasm: () => import("onnxruntime-web/wasm"),
  webgpu: () => import("onnxruntime-web/webgpu"),
  native: () => {
    const found = findNative();
    return typeof found === "string"
      ? Promise.reject(
        new BackendError(`Cannot use the native ONNX Runtime: ${found}; ${NATIVE_REMEDY}`),
      )
      : Promise.resolve(found);
  },
};

const loaded = new Map<Backend, Promise<typeof Ort>>();
let config: RuntimeConfig = {};

/** Threads of each session of the native build. */
export const nativeThreads = (): number => config.threads ?? 1;

/**
 * Sets where ONNX Runtime's files come from, and how many threads it has.
 *
 * @throws {TypeError} If ONNX Runtime is loaded already: it reads them only once.
 */
export function configureRuntime(change: RuntimeConfig): void {
  if (loaded.size > 0) {
    throw new TypeError(
      "Cannot configure the runtime: it is loaded; do so before the first session",
    );
  }
  config = change;
}

/** ONNX Runtime with one backend. */
export function loadOrt(backend: Backend): Promise<typeof Ort> {
  let ort = loaded.get(backend);
  if (!ort) {
    ort = BUILDS[backend]().then((build) => {
      // These builds fail with more threads; isolates are what spreads work over cores.
      build.env.wasm.numThreads = 1;
      if (config.wasmPaths !== undefined) build.env.wasm.wasmPaths = config.wasmPaths;
      // Failures arrive as exceptions; the log would print them a second time.
      build.env.logLevel = "fatal";
      return build;
    });
    loaded.set(backend, ort);
  }
  return ort;
}
