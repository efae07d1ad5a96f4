import { type Backend, BACKEND_TITLES, chooseBackend } from "../shared/runtime/mod.ts";

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
    if (fault !== undefined) console.log(`skipped: tests on ${title}, since ${fault}`);
    found.push({ backend, title, isMissing: fault !== undefined });
  }
  return found;
}
