import type { Catalogue } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { ImagePreparer } from "./images/image_preparer.ts";
import { JobGate } from "./jobs/job_gate.ts";
import { RunningJobs } from "./jobs/running_jobs.ts";
import { NetworkPool } from "./network_pool.ts";
import { Drain } from "./shutdown/drain.ts";
import { Signer } from "./invocations/signature.ts";
import { warmingUp } from "./warm_up.ts";

/** What the routes share within one isolate. */
export interface Services {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly networks: NetworkPool;
  readonly images: ImagePreparer;
  readonly uploads: JobGate;
  readonly jobs: JobGate;
  /** Of other isolates' jobs. */
  readonly invocations: JobGate;
  readonly running: RunningJobs;
  readonly drain: Drain;
  /** Absent without a secret: then nothing is fanned out. */
  readonly signer?: Signer;
  /** A job is about to come: what the first one would wait for is begun. */
  warmUp(): void;
}

/** One worker for all that an isolate serves. */
const IMAGES = new ImagePreparer();

export function createServices(config: Config, catalogue: Catalogue): Services {
  const { MAX_JOBS, MAX_CLIENT_JOBS, MAX_UPLOADS, MAX_CLIENT_UPLOADS } = config;
  const { MAX_INVOCATIONS, MAX_NETWORKS, BACKEND, FANOUT_SECRET } = config;
  return {
    config,
    catalogue,
    networks: new NetworkPool({ catalogue, backend: BACKEND, capacity: MAX_NETWORKS }),
    images: IMAGES,
    warmUp: warmingUp({ images: IMAGES, config }),
    uploads: new JobGate({ jobs: MAX_UPLOADS, clientJobs: MAX_CLIENT_UPLOADS, what: "uploads" }),
    running: new RunningJobs(),
    jobs: new JobGate({ jobs: MAX_JOBS, clientJobs: MAX_CLIENT_JOBS }),
    invocations: new JobGate({ jobs: MAX_INVOCATIONS, clientJobs: Infinity }),
    drain: new Drain(),
    signer: FANOUT_SECRET === undefined ? undefined : new Signer(FANOUT_SECRET),
  };
}
