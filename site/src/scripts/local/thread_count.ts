import { memoryOf } from "../../../../shared/methods/job_memory.ts";
import type { Network } from "../../../../shared/network/network.ts";

/** Memory of a device whose browser does not say it, in GiB: a phone's. */
const UNKNOWN_GIB = 4;

/** Share of the device's memory that a page may take before the browser may end it. */
const SHARE = 0.5;

/**
 * Memory that this page may take, in MiB. Chromium says how much the device has, 8 GiB at most;
 * what a page really takes no browser says without cross-origin isolation.
 */
export function memoryLimit(): number {
  const { deviceMemory = UNKNOWN_GIB } = globalThis.navigator as { deviceMemory?: number };
  return SHARE * deviceMemory * 1024;
}

/**
 * How many threads compute a method: as many as there are cores, and no more than memory allows, as
 * each has a copy of the network.
 *
 * @param limit Memory of all of them, in MiB.
 */
export function threadCount(
  network: Network,
  method: string,
  options: unknown,
  { cores = navigator.hardwareConcurrency, limit = memoryLimit() } = {},
): number {
  if (network.backend === "webgpu") return 1;
  return Math.max(1, Math.min(cores, Math.floor(limit / memoryOf(network, method, options))));
}
