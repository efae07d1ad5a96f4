import { setTimeout as sleep } from "node:timers/promises";

export interface RetryOptions {
  /** Attempts in a row that bring nothing before giving up. @default 5 */
  readonly attempts?: number;
  /** Pause after the first failure in milliseconds; doubles with every further one. @default 1000 */
  readonly pauseMs?: number;
  /** Longest silence of the other side in milliseconds. @default 30000 */
  readonly idleMs?: number;
}

export const RETRY_DEFAULTS: Required<RetryOptions> = {
  attempts: 5,
  pauseMs: 1000,
  idleMs: 30_000,
};

const LONGEST_PAUSE_MS = 60_000;

/** A failure that another attempt may not meet again. */
export class Transient extends Error {
  constructor(
    /** What to throw when there are no more attempts. */
    readonly final: Error,
    /** Pause that the other side asked for. */
    readonly pauseMs?: number,
  ) {
    super(final.message);
  }
}

/**
 * Calls `attempt` until it does not throw a {@linkcode Transient}.
 *
 * @param attempt Calls `onGain` when it brought something, which makes failures before it count
 * no longer.
 */
export async function retry<T>(
  attempt: (onGain: () => void) => Promise<T>,
  options: Required<RetryOptions>,
  onRetry: (error: Error, pauseMs: number) => void,
): Promise<T> {
  for (let failures = 0;;) {
    try {
      return await attempt(() => failures = 0);
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      if (++failures >= options.attempts) throw error.final;
      const backoff = options.pauseMs * 2 ** (failures - 1);
      const pause = Math.min(LONGEST_PAUSE_MS, error.pauseMs ?? backoff);
      onRetry(error.final, pause);
      await sleep(pause);
    }
  }
}

/** Milliseconds of a Retry-After header: seconds or a date. */
export function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
