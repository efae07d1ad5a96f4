import {
  type Problem,
  problem,
  type ProblemExtras,
  type ProblemKind,
  PROBLEMS,
} from "../shared/api/mod.ts";
import { OptionError } from "../shared/contract/parse_options.ts";
import { log } from "./log.ts";

/** An error that a client is told about as it is. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    extras: ProblemExtras & { readonly cause?: unknown } = {},
  ) {
    const { cause, ...rest } = extras;
    super(detail, { cause });
    this.problem = problem(kind, detail, rest);
  }
}

/**
 * What a client is told about `error`: its message, if its kind is one of the problems. Any other
 * error gets a reference id, under which it is logged, and nothing else is told.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isKnown(error)) {
    const { kind, message } = error;
    if (PROBLEMS[kind][0] >= 500) log("warn", "job failed", { error });
    const errors = error instanceof OptionError ? [{ path: error.option, message }] : undefined;
    return problem(kind, message, { errors });
  }
  const id = crypto.randomUUID();
  log("error", "internal error", { id, error });
  return problem(
    "internal",
    `Internal error, with the reference id ${id}`,
    { instance: `urn:uuid:${id}` },
  );
}

/** Every kind of shared/errors.ts is a problem, so that a status is missing for none. */
function isKnown(error: unknown): error is Error & { readonly kind: ProblemKind } {
  return error instanceof Error && "kind" in error && typeof error.kind === "string" &&
    Object.hasOwn(PROBLEMS, error.kind);
}

/** The problem as a response (RFC 9457). */
export function problemResponse(body: Problem, headers: HeadersInit = {}): Response {
  const all = new Headers(headers);
  all.set("Content-Type", "application/problem+json");
  all.set("Cache-Control", "no-store");
  if (body.retryAfter !== undefined) all.set("Retry-After", `${body.retryAfter}`);
  return new Response(JSON.stringify(body), { status: body.status, headers: all });
}

/** Seconds after which another process has probably taken over. */
const RETRY_AFTER = 5;

/** What a client is told while the server stops. */
export function stoppingError(detail: string): ProblemError {
  return new ProblemError("stopping", detail, { retryAfter: RETRY_AFTER });
}
