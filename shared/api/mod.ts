/**
 * What goes over HTTP, as the functions send it and the site reads it.
 *
 * @module
 */
export * from "./map_values.ts";
export * from "./model_info.ts";
export * from "./problem.ts";
export * from "./rebuild_job.ts";
export * from "./run_event.ts";
export * from "./method_info.ts";
