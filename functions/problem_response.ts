import { type Problem, problem } from "../shared/api/mod.ts";
import { log } from "./log.ts";
import { ProblemError } from "./problem_error.ts";

/**
 * What a client is told about `error`. An error that was not meant for clients gets an id, under
 * which it is logged, and nothing else.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const id = crypto.randomUUID();
  log("error", "unexpected error", { id, error });
  return problem(
    "internal",
    `The server met an error that nobody foresaw; its number in the log is ${id}`,
    { instance: `urn:uuid:${id}` },
  );
}

/** The problem as a response (RFC 9457). */
export function problemResponse(body: Problem, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  all.set("Content-Type", "application/problem+json");
  all.set("Cache-Control", "no-store");
  if (body.retryAfter !== undefined) all.set("Retry-After", `${body.retryAfter}`);
  return new Response(JSON.stringify(body), { status: body.status, headers: all });
}
