import type { ErrorKind } from "../errors.ts";
import type { Problem } from "./schemas/problem_schema.ts";

/** What can go wrong over HTTP: the last part of a problem's `type`, its status and its title. */
export const PROBLEMS = {
  "bad-request": [400, "The request cannot be read"],
  "unauthorized": [401, "This needs the maintainer's token"],
  "forbidden": [403, "The request is not signed as it has to be"],
  "not-found": [404, "There is nothing at this address"],
  "network-missing": [404, "The network is not here"],
  "method-not-allowed": [405, "This address does not answer to this method"],
  "cancelled": [409, "The job was cancelled"],
  "too-slow": [408, "The upload takes too long"],
  "too-large": [413, "Too much at once"],
  "unsupported-media-type": [415, "This kind of content is not accepted"],
  "invalid-options": [422, "The options do not fit"],
  "unsupported-operator": [422, "The network has an operator that is not supported"],
  "unknown-shape": [422, "The network has a tensor of unknown shape"],
  "unusable-network": [422, "The network cannot be used"],
  "unusable-image": [422, "The image cannot be used"],
  "too-many-jobs": [429, "You have too many jobs running"],
  "internal": [500, "Internal error"],
  "upstream": [502, "Another service did not do its part"],
  "backend-unavailable": [503, "The backend is not available"],
  "backend-mismatch": [503, "The backends disagree on the network"],
  "out-of-memory": [503, "Out of memory"],
  "busy": [503, "The server is busy"],
  "stopping": [503, "The server is about to stop"],
  "out-of-time": [503, "The job took too long"],
} as const satisfies
  & Readonly<Record<string, readonly [status: number, title: string]>>
  & Readonly<Record<ErrorKind, unknown>>;

export type ProblemKind = keyof typeof PROBLEMS;

/** What a problem may say beside its kind and detail. */
export type ProblemExtras = Pick<Problem, "instance" | "retryAfter" | "errors">;

export function problem(kind: ProblemKind, detail: string, extras: ProblemExtras = {}): Problem {
  const [status, title] = PROBLEMS[kind];
  return { type: `/problems/#${kind}`, title, status, detail, ...extras };
}
