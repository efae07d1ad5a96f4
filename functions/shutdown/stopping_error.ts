import { ProblemError } from "../problem_error.ts";

/** Seconds after which another process has probably taken over. */
const RETRY_AFTER = 5;

/** What a client is told while the server stops. */
export function stoppingError(detail: string): ProblemError {
  return new ProblemError("stopping", detail, { retryAfter: RETRY_AFTER });
}
