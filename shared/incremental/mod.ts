/**
 * Incremental inference: when a part of a network's input changes, only what can change is computed
 * anew. A model in, a plan and a model out; runs nothing.
 *
 * @module
 */
export * from "./build_incremental.ts";
export * from "./describe_plan.ts";
export * from "./incremental_feeds.ts";
export * from "./plan_incremental.ts";
export * from "./select_class.ts";
export * from "./span.ts";
export type { Positions } from "./trace_changes.ts";
