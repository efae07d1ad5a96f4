import { areaOf, memoryOf } from "../../shared/methods/job_memory.ts";
import type { Network } from "../../shared/network/network.ts";
import { ProblemError } from "../problem_error.ts";

/**
 * Refuses a job that takes too much memory, before it starts.
 *
 * @param options Validated, of the method `method`.
 * @param limit In MiB.
 * @throws {ProblemError} 413 that says how much it would take, and what would fit.
 */
export function checkMemory(
  network: Network,
  method: string,
  options: unknown,
  limit: number,
): void {
  const memory = memoryOf(network, method, options);
  if (memory <= limit) return;
  throw new ProblemError(
    "too-large",
    `Cannot run ${method} on ${network.id}: it would take about ${Math.ceil(memory)} MiB of ` +
      `memory, expected at most ${limit}; ${remedy(network, method, options, limit)}`,
  );
}

function remedy(network: Network, method: string, options: unknown, limit: number): string {
  const smallest = memoryOf(network, method, { ...options as object, enlarge: 1 });
  if (areaOf(method, options) === 1 || smallest > limit) return "choose a smaller network";
  const perArea = memoryOf(network, method, { ...options as object, enlarge: 2 }) - smallest;
  const fitting = Math.sqrt(1 + 3 * (limit - smallest) / perArea);
  return `enlarge ${Math.floor(10 * fitting) / 10} would fit`;
}
