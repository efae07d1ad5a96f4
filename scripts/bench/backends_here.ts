import { type Backend, chooseBackend } from "../../shared/runtime/mod.ts";

/** The backends worth comparing on this machine: WASM, native if installed, a hardware GPU. */
export async function backendsHere(): Promise<Backend[]> {
  const hasNative = await chooseBackend("native").then(() => true, () => false);
  const isGpu = (await chooseBackend("auto")).backend === "webgpu";
  return ["wasm", ...hasNative ? ["native" as const] : [], ...isGpu ? ["webgpu" as const] : []];
}
