import { ProblemError } from "../problems.ts";
import type { Context } from "hono";

export interface JobGateOptions {
  /** At once. */
  readonly jobs: number;
  /** At once for one client. */
  readonly clientJobs: number;
  /** What is counted, for the message. @default "jobs" */
  readonly what?: string;
}

/** Seconds after which a client that was sent away may come again. */
const RETRY_AFTER = 5;

/** Counts the jobs under way, and sends away what is too much. */
export class JobGate {
  readonly #options: JobGateOptions;
  readonly #clients = new Map<string, number>();
  #jobs = 0;

  constructor(options: JobGateOptions) {
    this.#options = options;
  }

  /**
   * Makes sure that {@linkcode enter} would let a job in now.
   *
   * @throws {ProblemError} 429 if the client has too many jobs, 503 if everybody has.
   */
  check(client: string): void {
    const { jobs, clientJobs, what = "jobs" } = this.#options;
    const own = this.#clients.get(client) ?? 0;
    if (own >= clientJobs) {
      throw new ProblemError(
        "too-many-jobs",
        `You have ${own} of ${clientJobs} ${what} running; wait for one to end, or cancel it`,
        { retryAfter: RETRY_AFTER },
      );
    }
    if (this.#jobs >= jobs) {
      throw new ProblemError("busy", `${this.#jobs} of ${jobs} ${what} are running already`, {
        retryAfter: RETRY_AFTER,
      });
    }
  }

  /**
   * Lets a job in.
   *
   * @param client Whose job it is.
   * @returns Call it once, when the job has ended.
   * @throws {ProblemError} 429 if the client has too many jobs, 503 if everybody has.
   */
  enter(client: string): () => void {
    this.check(client);
    this.#jobs++;
    this.#clients.set(client, (this.#clients.get(client) ?? 0) + 1);
    return () => {
      this.#jobs--;
      const left = this.#clients.get(client)! - 1;
      if (left > 0) this.#clients.set(client, left);
      else this.#clients.delete(client);
    };
  }

  /** Lets a job of nobody in, if there is room; undefined if there is none. */
  tryEnter(): (() => void) | undefined {
    if (this.#jobs >= this.#options.jobs) return undefined;
    this.#jobs++;
    return () => void this.#jobs--;
  }
}

/**
 * The address that a request came from; all share one where the server does not tell.
 *
 * @param hops How many proxies in front of the server are trusted to append to X-Forwarded-For.
 */
export function clientOf(c: Context, hops: number): string {
  const info = c.env as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>> | undefined;
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  // What lies further left than the trusted proxies wrote is the client's own invention.
  const chain = [...forwarded, info?.remoteAddr?.hostname ?? ""];
  return chain.at(-1 - hops) ?? chain[0];
}
