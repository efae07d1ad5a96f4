/**
 * What goes over HTTP, as the functions send it and the site reads it: types, and the few values
 * that pages need. The schemas, from which the types are inferred, are in `schemas/mod.ts`, so that
 * a page does not load them.
 *
 * @module
 */
export * from "./map_values.ts";
export * from "./problem.ts";
export * from "./rebuild_states.ts";
export type * from "./schemas/mod.ts";
