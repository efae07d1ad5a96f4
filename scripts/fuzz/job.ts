/** Inputs of one target, by their numbers: each follows from the seed and its number alone. */
export interface FuzzJob {
  readonly target: string;
  readonly seed: number;
  /** The first. */
  readonly from: number;
  /** The one after the last. */
  readonly to: number;
  /** A folder of further files to start from. */
  readonly corpus?: string;
  /** Whether each number is written to standard error before its input runs: to find a crash. */
  readonly isTold?: boolean;
  /** One file to be read instead, as it is. */
  readonly replay?: string;
}

/** How an input went wrong. */
export type FindingKind = "error" | "hang" | "memory" | "crash";

export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly index: number;
  readonly kind: FindingKind;
  readonly message: string;
}

/** What a process says of a job, a line of JSON each. */
export type FuzzEvent =
  | ({ readonly type: "finding" } & Finding)
  /** All before `index` are done; `accepted` of them since the last such line were read to their end. */
  | { readonly type: "at"; readonly index: number; readonly accepted: number };

/** What one input may take. */
export const LIMITS = {
  /** Processor time in seconds, and far more of wall time for what waits. */
  cpuSeconds: 2,
  wallSeconds: 60,
  /** Memory of the process in bytes. */
  bytes: 2 ** 30,
} as const;
