import { type Executor, Workers } from "../compute/mod.ts";
import type { Network, NetworkSource } from "../network/network.ts";
import type { Backend } from "../runtime/mod.ts";

/** What a worker opens a network from. */
export interface WorkerSource extends NetworkSource {
  readonly backend: Backend;
}

export interface NetworkWorkersOptions {
  /** Makes a worker of `network_worker.ts`. */
  readonly spawn: () => Worker;
  /** Threads that compute, the calling one included. */
  readonly threads: number;
}

/**
 * Has kernels computed by this thread and by workers, each with a copy of the network. A GPU is not
 * faster for being shared: on WebGPU this thread computes alone.
 */
export function networkWorkers(
  network: Network,
  { manifest, bytes, labels }: NetworkSource,
  { spawn, threads }: NetworkWorkersOptions,
): Executor<Network> {
  const { backend } = network;
  const { id, input, outputs, layers } = manifest;
  return new Workers<Network>({
    ground: network,
    spawn,
    count: backend === "webgpu" ? 0 : threads - 1,
    source: {
      ...{ manifest: { id, input, outputs, layers }, bytes, labels, backend },
    } satisfies WorkerSource,
  });
}
