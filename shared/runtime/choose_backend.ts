import { type Backend, BackendError, type REQUESTED_BACKENDS } from "./backend.ts";
import { findNative, NATIVE_REMEDY } from "./native_build.ts";

/** What a caller may ask for. */
export type RequestedBackend = typeof REQUESTED_BACKENDS[number];

export interface BackendChoice {
  readonly backend: Backend;
  /** One line for a person: why this one. */
  readonly reason: string;
}

/** The part of an adapter's description that the choice depends on. */
export interface AdapterInfo {
  readonly description: string;
  readonly vendor: string;
  readonly isFallbackAdapter?: boolean;
}

/** Finds the adapter, or says why there is none. */
export type AdapterProbe = () => Promise<AdapterInfo | string>;

/** Says why the native build cannot be used; undefined if it can. */
export type NativeProbe = () => string | undefined;

/**
 * WebGPU when there is a hardware adapter, else ONNX Runtime's native build where it is installed,
 * else WASM.
 *
 * A software adapter is slower than WASM, so only an explicit "webgpu" takes one.
 *
 * @param probe How to look for an adapter. Defaults to `navigator.gpu`.
 * @param nativeFault How to look for the native build. Defaults to the one of `deno task native`.
 * @throws {BackendError} If WebGPU is asked for and there is no adapter at all, or the native build
 * and it is not there.
 */
export async function chooseBackend(
  requested: RequestedBackend = "auto",
  probe: AdapterProbe = probeAdapter,
  nativeFault: NativeProbe = probeNative,
): Promise<BackendChoice> {
  if (requested === "wasm") return { backend: "wasm", reason: "WASM, as asked for" };
  if (requested === "native") {
    const fault = nativeFault();
    if (fault === undefined) {
      return { backend: "native", reason: "native ONNX Runtime, as asked for" };
    }
    throw new BackendError(`Cannot use the native ONNX Runtime: ${fault}; ${NATIVE_REMEDY}`);
  }
  const found = await probe();
  if (typeof found === "string") {
    if (requested === "webgpu") {
      throw new BackendError(
        `Cannot use WebGPU: ${found}; ask for "wasm" or "auto", or install a GPU driver`,
      );
    }
    return onProcessor(found, nativeFault);
  }
  const adapter = found.description || found.vendor || "an unnamed adapter";
  if (requested === "webgpu") {
    const kind = found.isFallbackAdapter ? "software adapter" : "adapter";
    return { backend: "webgpu", reason: `WebGPU, as asked for: ${kind} ${adapter}` };
  }
  return found.isFallbackAdapter
    ? onProcessor(`the only WebGPU adapter is software (${adapter})`, nativeFault)
    : { backend: "webgpu", reason: `WebGPU, because there is a hardware adapter (${adapter})` };
}

/** @param noGpu Why WebGPU is not taken. */
function onProcessor(noGpu: string, nativeFault: NativeProbe): BackendChoice {
  return nativeFault() === undefined
    ? {
      backend: "native",
      reason: `native ONNX Runtime, because it is installed and ${noGpu}`,
    }
    : { backend: "wasm", reason: `WASM, because ${noGpu}` };
}

function probeNative(): string | undefined {
  const found = findNative();
  return typeof found === "string" ? found : undefined;
}

async function probeAdapter(): Promise<AdapterInfo | string> {
  const gpu: GPU | undefined = globalThis.navigator?.gpu;
  if (!gpu) return "navigator.gpu is missing";
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    return adapter?.info ?? "navigator.gpu.requestAdapter() found no adapter";
  } catch (error) {
    return `navigator.gpu.requestAdapter() failed (${(error as Error).message})`;
  }
}
