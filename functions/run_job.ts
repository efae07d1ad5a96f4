import { type Executor, finish, InProcess } from "../shared/compute/mod.ts";
import { contextOf } from "../shared/contract/run_method.ts";
import type {
  Method,
  MethodInput,
  MethodInputs,
  MethodResult,
  Progress,
} from "../shared/contract/method.ts";
import type { Network } from "../shared/network/network.ts";
import type { RunEvent } from "../shared/api/mod.ts";
import type { Emit } from "./answers/job_answer.ts";
import { Invocations } from "./invocations/invocations.ts";
import { checkMemory } from "./jobs/check_cost.ts";
import { log } from "./log.ts";
import type { LoadedNetwork } from "./network_pool.ts";
import { imageLink } from "./present.ts";
import { ProblemError } from "./problems.ts";
import type { Services } from "./services.ts";
import { occlusionGrid, type OcclusionOptions } from "../shared/methods/occlusion/mod.ts";

/** One run of a method. */
export interface Job {
  readonly method: Method;
  readonly loaded: LoadedNetwork;
  readonly inputs: MethodInputs;
  /** Validated. */
  readonly options: unknown;
  readonly signal: AbortSignal;
  readonly emit: Emit;
}

/** Runs a method in this isolate; its kernels are applied by whoever has time. */
export async function runJob(job: Job, services: Services): Promise<MethodResult> {
  const { method, loaded: { network }, inputs, options, signal, emit } = job;
  checkMemory({ network, method: method.id, options, inputs }, services.config.MAX_JOB_MB);
  if (method.id === "occlusion") {
    checkPositions(inputs.image!, options as OcclusionOptions, services.config.MAX_POSITIONS);
  }
  await using executor = executorFor(job, services);
  let begun = false;
  return await finish(
    method.run(contextOf(network, { executor, signal }), inputs, options),
    (progress) => {
      signal.throwIfAborted();
      for (const event of eventsOf(progress, network, begun)) emit(event);
      begun = true;
    },
  );
}

/** Refuses a map with too many positions before anything is computed. */
function checkPositions(
  { tensor }: MethodInput,
  { window, stride }: OcclusionOptions,
  limit: number,
): void {
  const [height, width] = tensor.dims.slice(2);
  const { rows, columns } = occlusionGrid(height, width, window, stride);
  if (rows * columns <= limit) return;
  throw new ProblemError(
    "too-large",
    `A window of ${window} and a stride of ${stride} make ${rows} x ${columns} positions, ` +
      `at most ${limit} are allowed; choose a larger stride`,
  );
}

/**
 * A GPU is not faster for being shared, nor is one isolate for calling itself; and a network that is
 * opened as a client asked is known here alone.
 */
function executorFor({ loaded }: Job, services: Services): Executor<Network> {
  const { network, sha256, isAsked } = loaded;
  const { config: { FANOUT_URL = [], FANOUT_LANES, INVOCATION_SECONDS }, signer, drain } = services;
  if (!signer || FANOUT_URL.length === 0 || isAsked) return new InProcess(network);
  return new Invocations({
    network,
    sha256,
    origins: FANOUT_URL,
    lanes: FANOUT_LANES,
    timeoutMs: INVOCATION_SECONDS * 1000,
    signer,
    stopping: drain.stopping,
    onFailure: (origin, error) => log("warn", "invocation failed", { origin, error }),
  });
}

function* eventsOf(
  { done, total, unit, preview, occlusion }: Progress,
  { backend }: Network,
  begun: boolean,
): Generator<RunEvent> {
  if (!begun) {
    const outline = occlusion && "outline" in occlusion ? occlusion.outline : undefined;
    const links = outline && {
      occlusion: {
        ...outline,
        image: imageLink(outline.image),
        occluder: imageLink(outline.occluder),
      },
    };
    yield { type: "start", total, unit, backend, ...links };
    if (done === 0) return;
  }
  const scores = occlusion && "scores" in occlusion ? { occlusion: occlusion.scores } : {};
  const image = preview && { preview: imageLink(preview()) };
  yield { type: "progress", done, total, unit, ...image, ...scores };
}
