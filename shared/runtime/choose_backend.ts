import { type Backend, BackendError } from "./backend.ts";

/** What a caller may ask for. */
export type BackendWish = "auto" | Backend;

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

/**
 * WebGPU when there is a hardware adapter, else WASM.
 *
 * A software adapter is slower than WASM, so only an explicit "webgpu" takes one.
 *
 * @param probe How to look for an adapter. Defaults to `navigator.gpu`.
 * @throws {BackendError} If WebGPU is asked for and there is no adapter at all.
 */
export async function chooseBackend(
  wish: BackendWish = "auto",
  probe: AdapterProbe = probeAdapter,
): Promise<BackendChoice> {
  if (wish === "wasm") return { backend: "wasm", reason: "WASM was asked for" };
  const found = await probe();
  if (typeof found === "string") {
    if (wish === "webgpu") {
      throw new BackendError(
        `Cannot use WebGPU: ${found}; ask for "wasm" or "auto", or install a GPU driver`,
      );
    }
    return { backend: "wasm", reason: `WASM, because ${found}` };
  }
  const adapter = found.description || found.vendor || "an unnamed adapter";
  if (wish === "webgpu") {
    const kind = found.isFallbackAdapter ? "software adapter" : "adapter";
    return { backend: "webgpu", reason: `WebGPU was asked for: ${kind} ${adapter}` };
  }
  return found.isFallbackAdapter
    ? { backend: "wasm", reason: `WASM, because the only WebGPU adapter is software (${adapter})` }
    : { backend: "webgpu", reason: `WebGPU, because there is a hardware adapter (${adapter})` };
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
