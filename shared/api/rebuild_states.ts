/** How far a rebuild can be. */
export const REBUILD_STATES = [
  "queued",
  "building",
  "done",
  "failed",
  "cancelled",
  "forwarded",
] as const;

export type RebuildState = typeof REBUILD_STATES[number];

/** States that nothing follows. */
export const FINAL_STATES: readonly RebuildState[] = ["done", "failed", "cancelled", "forwarded"];
