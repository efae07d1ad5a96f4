import type { RandomStream } from "../random_stream.ts";

/** What a round is given. */
export interface Round {
  readonly draw: RandomStream;
  /** A folder of its own, removed afterwards. */
  readonly folder: string;
  readonly reference: Reference;
}

/** What is right, computed alone before. */
export interface Reference {
  /** Digests of the files of a gallery, by name. */
  readonly gallery: ReadonlyMap<string, string>;
  /** Digest of the answer to {@link probe}. */
  readonly answer: string;
}

/** A way in which things break. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** Why it cannot be tried on this machine, or undefined. */
  readonly missing?: () => Promise<string | undefined>;
  /**
   * Breaks something once, and looks at what is left.
   *
   * @throws {Error} If anything wrong was shown, lost, or left behind.
   */
  readonly run: (round: Round) => Promise<void>;
}

/** @throws {Error} That says `what`, if `condition` does not hold. */
export function hold(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}

export const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
