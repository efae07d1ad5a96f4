import type { ErrorKind } from "../errors.ts";

/** What a pool says to its worker. */
export type WorkerRequest =
  | { readonly type: "open"; readonly source: unknown }
  | {
    readonly type: "run";
    readonly call: number;
    /** Id of the kernel. */
    readonly kernel: string;
    /** Number of the shared value; its value comes with the first call that needs it. */
    readonly shared: number;
    readonly value?: { readonly shared: unknown };
    readonly items: readonly unknown[];
  }
  | { readonly type: "abort"; readonly call: number }
  | { readonly type: "forget"; readonly shared: number };

/** What a worker answers. */
export type WorkerReply =
  | {
    readonly type: "report";
    readonly call: number;
    readonly index: number;
    readonly result: unknown;
  }
  | { readonly type: "done"; readonly call: number; readonly results: readonly unknown[] }
  | { readonly type: "failed"; readonly call: number; readonly error: PlainError };

/** An error on its way between threads or machines. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly kind?: ErrorKind;
}

export function plainError(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, kind } = error as Error & { kind?: ErrorKind };
  return { name, message, kind };
}

/** The error again, with its name and kind; of what class it was is lost. */
export function errorOf({ name, message, kind }: PlainError): Error {
  const error = kind === undefined ? new Error(message) : new RangeError(message);
  return Object.assign(error, { name }, kind === undefined ? {} : { kind });
}
