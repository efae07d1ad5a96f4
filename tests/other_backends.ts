import { type Backend, BACKEND_TITLES, chooseBackend } from "../shared/runtime/mod.ts";
import { skipped } from "./skipped.ts";

/** A backend that is compared with WASM. */
export interface OtherBackend {
  readonly backend: Backend;
  readonly title: string;
  /** Whether it is not on this machine; why has been printed. */
  readonly isMissing: boolean;
}

/** Looks for the backends beside WASM; prints why one is not there. */
export async function otherBackends(): Promise<OtherBackend[]> {
  const found: OtherBackend[] = [];
  for (const backend of ["webgpu", "native"] as const) {
    const title = BACKEND_TITLES[backend];
    const fault = await chooseBackend(backend).then(() => undefined, ({ message }) => message);
    const why = `tests on ${title}, since ${fault}`;
    found.push({ backend, title, isMissing: skipped(backend, fault !== undefined, why) });
  }
  return found;
}

/** Whether one of the backends is on this machine. */
export const hasBackend = (
  found: readonly Pick<OtherBackend, "backend" | "isMissing">[],
  wanted: Backend,
): boolean => found.some(({ backend, isMissing }) => backend === wanted && !isMissing);

/** Whether tests of `what` on WebGPU are skipped; why has been printed. */
export async function skippedOnWebGpu(what: string): Promise<boolean> {
  const fault = await chooseBackend("webgpu").then(() => undefined, ({ message }) => message);
  return skipped("webgpu", fault !== undefined, `${what} (${fault})`);
}
