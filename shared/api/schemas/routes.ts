import { z } from "zod";
import type { Method } from "../../contract/method.ts";
import { PROBLEMS } from "../problem.ts";
import { methodInfoSchema, modelDetailsSchema, modelInfoSchema } from "./model_schemas.ts";
import { forwardedSchema, rebuildJobSchema, rebuildRequestSchema } from "./rebuild_schemas.ts";
import { openingSchema, runRequestSchema } from "./run_request.ts";
import { runEventSchema, runResultSchema } from "./run_schemas.ts";

/** One answer of a route. */
export interface Answer {
  readonly description: string;
  /** By media type: what each body is; null where it is not JSON. */
  readonly content: Readonly<Record<string, z.ZodType | null>>;
}

/** What is asked at an address, and what is answered. */
export interface Route {
  readonly verb: "get" | "post" | "delete";
  /** As OpenAPI writes it: `{id}` stands for one or more parts. */
  readonly path: string;
  /** Names the operation in a generated client. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  /** What `{id}` stands for. */
  readonly of?: string;
  readonly query?: z.ZodObject;
  readonly body?: { readonly type: string; readonly schema: z.ZodObject; readonly optional?: true };
  readonly needsToken?: true;
  /** By status; problems are said for all routes at once. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of problems that it can answer with. */
  readonly problems: readonly number[];
}

const JSON_TYPE = "application/json";
const EVENTS = "application/x-ndjson";
const BYTES = "application/octet-stream";

const json = (description: string, schema: z.ZodType): Answer => ({
  description,
  content: { [JSON_TYPE]: schema },
});
const bytes = (description: string): Answer => ({ description, content: { [BYTES]: null } });
const nothing = (description: string): Answer => ({ description, content: {} });

/** Every status that a problem can have. */
const ALL = [...new Set(Object.values(PROBLEMS).map(([status]) => status))].sort();

/** Problems of every route: what nobody foresaw, and a server that is about to stop. */
const ANYWHERE = [500, 503];

const describeQuery = z.strictObject({
  describe: z.enum(["true", "false"]).default("true")
    .describe("Whether the network is opened, and what was settled is said."),
  ...openingSchema.shape,
});

const healthSchema = z.strictObject({ status: z.literal("ok") });

const REBUILD = { needsToken: true, of: "a rebuild" } as const;

/** All routes but those of the methods. One that is more special stands before one that is less. */
export const ROUTES: readonly Route[] = [
  {
    ...{ verb: "get", path: "/healthz", id: "health", summary: "Whether the server answers" },
    answers: { 200: json("Yes", healthSchema) },
    problems: [],
  },
  {
    ...{ verb: "get", path: "/metrics", id: "metrics" },
    summary: "What this isolate has done, for Prometheus",
    answers: { 200: { description: "Prometheus text", content: { "text/plain": null } } },
    problems: [],
  },
  {
    ...{ verb: "get", path: "/api/openapi.json", id: "openapi", summary: "This description" },
    answers: {
      200: json("OpenAPI 3.1", z.record(z.string(), z.unknown())),
      304: nothing("It is the one that If-None-Match names"),
    },
    problems: ANYWHERE,
  },
  {
    ...{ verb: "get", path: "/api/models", id: "listModels", summary: "The networks" },
    answers: { 200: json("All of them", z.array(modelInfoSchema)) },
    problems: ANYWHERE,
  },
  {
    ...{ verb: "get", path: "/api/models/{id}/file", id: "readModelFile", of: "a network" },
    summary: "The network's ONNX file, or the range of it that is asked for",
    answers: {
      200: bytes("The file"),
      206: bytes("The range"),
      304: nothing("It is the one that If-None-Match names"),
      416: nothing("The range lies behind the file's end"),
    },
    problems: [404, 422, ...ANYWHERE],
  },
  {
    ...{ verb: "get", path: "/api/models/{id}", id: "showModel", of: "a network" },
    summary: "One network, with its classes and layers, and what was settled when it was opened",
    query: describeQuery,
    answers: { 200: json("The network", modelDetailsSchema) },
    problems: [400, 404, 413, 422, ...ANYWHERE],
  },
  {
    ...{ verb: "get", path: "/api/methods", id: "listMethods" },
    summary: "The methods and their options",
    answers: { 200: json("All of them", z.array(methodInfoSchema)) },
    problems: ANYWHERE,
  },
  {
    ...{ verb: "delete", path: "/api/jobs/{id}", id: "cancelJob", of: "a job" },
    summary: "Cancels a job; whoever started it knows its id, by the header Convscope-Job",
    answers: { 204: nothing("It ends") },
    problems: [404, ...ANYWHERE],
  },
  {
    ...{ verb: "get", path: "/api/rebuild", id: "listRebuilds", needsToken: true },
    summary: "The rebuilds of the gallery, the oldest first",
    answers: { 200: json("All that are remembered", z.array(rebuildJobSchema)) },
    problems: [401, 404, ...ANYWHERE],
  },
  {
    ...{ verb: "post", path: "/api/rebuild", id: "rebuild", needsToken: true },
    summary: "Makes the figures of the gallery that are missing or changed, and the pages",
    body: { type: JSON_TYPE, schema: rebuildRequestSchema, optional: true },
    answers: {
      202: json("It is queued, or forwarded", z.union([rebuildJobSchema, forwardedSchema])),
    },
    problems: [400, 401, 404, 408, 413, 502, ...ANYWHERE],
  },
  {
    ...{ verb: "get", path: "/api/rebuild/{id}", id: "showRebuild", ...REBUILD },
    summary: "How far a rebuild is",
    answers: {
      200: {
        description: "The rebuild; with `Accept: application/x-ndjson` a line with each change",
        content: { [JSON_TYPE]: rebuildJobSchema, [EVENTS]: rebuildJobSchema },
      },
    },
    problems: [401, 404, ...ANYWHERE],
  },
  {
    ...{ verb: "delete", path: "/api/rebuild/{id}", id: "cancelRebuild", ...REBUILD },
    summary: "Cancels a rebuild",
    answers: { 202: json("It is about to end", rebuildJobSchema) },
    problems: [401, 404, ...ANYWHERE],
  },
];

/** The route that runs a method. */
export function runRoute(method: Pick<Method, "id" | "title" | "summary" | "takes" | "options">) {
  const { id, title, summary } = method;
  return {
    ...{ verb: "post", path: `/api/${id}`, id, summary: title, description: summary },
    body: { type: "multipart/form-data", schema: runRequestSchema(method) },
    answers: {
      200: {
        description:
          "The result; with `Accept: application/x-ndjson` the way there, line by line; with " +
          "`image/svg+xml` or `image/png` its figure",
        content: {
          [JSON_TYPE]: runResultSchema,
          [EVENTS]: runEventSchema,
          "image/svg+xml": null,
          "image/png": null,
        },
      },
    },
    problems: ALL,
  } as const satisfies Route;
}
