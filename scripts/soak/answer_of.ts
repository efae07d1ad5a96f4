import { sha256 } from "../../shared/models/sha256.ts";

/** What differs from run to run: times, the job's id. */
const PASSING = /^(?:milliseconds|job|instance)$|seconds$/i;

/** Statuses of requests that were sent away for others' sake. */
const REFUSED: ReadonlySet<number> = new Set([429, 503]);

/** What came back. */
export interface SoakAnswer {
  readonly status: number;
  readonly isRefused: boolean;
  /** Of all that has to be the same each time. */
  readonly digest: string;
  /** For a person, where it is wrong. */
  readonly text: string;
}

/** Reads an answer to its end. */
export async function answerOf(response: Response): Promise<SoakAnswer> {
  const whole = await response.text();
  const value: unknown = JSON.parse(whole);
  // A problem that is found out late has a status of its own.
  const status = isProblem(value) ? value.status : response.status;
  const kept = JSON.stringify(value, (key, item) => PASSING.test(key) ? undefined : item);
  const digest = await sha256(new TextEncoder().encode(`${status} ${kept}`));
  return { status, isRefused: REFUSED.has(status), digest, text: kept.slice(0, 300) };
}

function isProblem(value: unknown): value is { readonly status: number } {
  return typeof value === "object" && value !== null && "status" in value && "detail" in value &&
    typeof value.status === "number";
}
