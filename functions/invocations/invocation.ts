/** Items for another isolate to apply a kernel to. */
export interface Invocation {
  /** Id of the network, and sha256 of its file: a worker with another file must not answer. */
  readonly network: string;
  readonly sha256: string;
  /** SHA-256 of what all items share, as an envelope. */
  readonly shared: string;
  /** The shared value; only where the isolate asked for it. */
  readonly value?: { readonly shared: unknown };
  readonly items: readonly unknown[];
}

/** Where an isolate applies a kernel. */
export const invocationPath = (kernel: string): string => `/api/${kernel}`;

/** The header of an answer that says why nothing was computed, and that it is one of ours. */
export const DECLINED_HEADER = "Convscope-Declined";

/** `busy`: it has enough to do. `unknown`: it has to be sent the shared value first. */
export type Declined = "busy" | "unknown";

/** Status with which an isolate asks for the shared value. */
export const UNKNOWN_STATUS = 428;
