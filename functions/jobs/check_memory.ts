import type { MethodInputs } from "../../shared/contract/method.ts";
import { areaOf, memoryOf } from "../../shared/methods/job_memory.ts";
import type { Network } from "../../shared/network/network.ts";
import { ProblemError } from "../problem_error.ts";

/** What a job would run. */
export interface PlannedJob {
  readonly network: Network;
  readonly method: string;
  /** Validated. */
  readonly options: unknown;
  /** @default none */
  readonly inputs?: MethodInputs;
}

/**
 * Refuses a job that takes too much memory, before it starts.
 *
 * @param limit In MiB.
 * @throws {ProblemError} 413 that says how much it would take, and what would fit.
 */
export function checkMemory(job: PlannedJob, limit: number): void {
  const { network, method, options, inputs } = job;
  const memory = memoryOf(network, method, options, inputs);
  if (memory <= limit) return;
  const remedy = areaOf(network, method, options, inputs) === 1
    ? "choose a smaller network"
    : "choose a smaller network or image, or a smaller side";
  throw new ProblemError(
    "too-large",
    `Cannot run ${method} on ${network.id}: it would take about ${Math.ceil(memory)} MiB of ` +
      `memory, expected at most ${limit}; ${remedy}`,
  );
}
