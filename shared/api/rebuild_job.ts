/** How far a rebuild is. */
export type RebuildState = "queued" | "building" | "done" | "failed" | "cancelled" | "forwarded";

/** States that nothing follows. */
export const FINAL_STATES: readonly RebuildState[] = ["done", "failed", "cancelled", "forwarded"];

/** A rebuild of figures and pages, `GET /api/rebuild/<id>`. */
export interface RebuildJob {
  readonly id: string;
  readonly state: RebuildState;
  /** Networks and figure sets whose figures are looked at; all where it is not said. */
  readonly models?: readonly string[];
  readonly sets?: readonly string[];
  /** ISO 8601. */
  readonly created: string;
  readonly started?: string;
  readonly ended?: string;
  /** The last lines that the build said. */
  readonly lines: readonly string[];
  /** Why it failed. */
  readonly reason?: string;
}
