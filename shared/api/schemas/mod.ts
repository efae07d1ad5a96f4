/**
 * Schemas of all that goes over HTTP: what is sent is checked by them in tests, and OpenAPI says
 * what they say.
 *
 * @module
 */
export * from "./figure_schema.ts";
export * from "./link_schemas.ts";
export * from "./model_schemas.ts";
export * from "./occlusion_schema.ts";
export * from "./problem_schema.ts";
export * from "./rebuild_schemas.ts";
export * from "./routes.ts";
export * from "./run_request.ts";
export * from "./run_schemas.ts";
