import type { Catalogue } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { JobGate } from "./job_gate.ts";
import { NetworkPool } from "./network_pool.ts";
import { Drain } from "./shutdown/drain.ts";
import { Signer } from "./invocations/signature.ts";

/** What the routes share within one isolate. */
export interface Services {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly networks: NetworkPool;
  readonly jobs: JobGate;
  /** Of other isolates' jobs. */
  readonly invocations: JobGate;
  readonly drain: Drain;
  /** Absent without a secret: then nothing is fanned out. */
  readonly signer?: Signer;
}

export function createServices(config: Config, catalogue: Catalogue): Services {
  const { MAX_JOBS, MAX_CLIENT_JOBS, MAX_INVOCATIONS, MAX_NETWORKS, BACKEND, FANOUT_SECRET } =
    config;
  return {
    config,
    catalogue,
    networks: new NetworkPool({ catalogue, backend: BACKEND, capacity: MAX_NETWORKS }),
    jobs: new JobGate({ jobs: MAX_JOBS, clientJobs: MAX_CLIENT_JOBS }),
    invocations: new JobGate({ jobs: MAX_INVOCATIONS, clientJobs: Infinity }),
    drain: new Drain(),
    signer: FANOUT_SECRET === undefined ? undefined : new Signer(FANOUT_SECRET),
  };
}
