import type { Catalogue } from "./catalogue.ts";
import type { Config } from "./config.ts";
import { ImagePreparer } from "./images/image_preparer.ts";
import { JobGate } from "./jobs/job_gate.ts";
import { RunningJobs } from "./jobs/running_jobs.ts";
import { NetworkPool } from "./network_pool.ts";
import { Drain } from "./shutdown/drain.ts";
import { Signer } from "./invocations/signature.ts";
import { chooseBackend } from "../shared/runtime/mod.ts";
import { warmRuntime } from "../shared/network/warm_runtime.ts";
import { log } from "./log.ts";

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

/**
 * What the first job of an isolate would wait for, one after the other, is begun while its form is
 * read: ONNX Runtime, and the worker that decodes images. Not before: pages may compute themselves.
 *
 * @returns To be called for each job.
 */
function warmingUp({ images, config }: Pick<Services, "images" | "config">): () => void {
  let begun = false;
  return () => {
    if (begun) return;
    begun = true;
    images.warm();
    chooseBackend(config.BACKEND).then(({ backend }) => warmRuntime(backend)).catch((error) => {
      // Whoever needs it is told.
      log("warn", "cannot load the runtime ahead", { error: String(error) });
    });
  };
}
