import { PROBLEMS } from "../../shared/api/mod.ts";
import type { RandomStream } from "../random_stream.ts";

/** What is given hostile input. */
export interface Target {
  readonly name: string;
  readonly summary: string;
  /** Whole inputs to start from. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Endings of the files in a corpus folder that are seeds too. */
  readonly endings: readonly string[];
  /** A new input. */
  readonly mutate: (draw: RandomStream, seeds: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>;
  /** Ends, or throws; {@linkcode isExpected} says which errors are right. */
  readonly run: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  /** Inputs in one process: of slow ones fewer. */
  readonly batch: number;
}

/** Something that came out wrong without an error. */
export class Mismatch extends Error {
  override readonly name = "Mismatch";
}

/** Whether an error is of a kind that a person is told; others are faults of the project. */
export function isExpected(error: unknown): boolean {
  return error instanceof Error && "kind" in error && typeof error.kind === "string" &&
    Object.hasOwn(PROBLEMS, error.kind) && error.kind !== "internal";
}
