import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from "zod-openapi";
import { z } from "zod";
import { PROBLEMS } from "../shared/api/mod.ts";
import { problemSchema, type Route, ROUTES, runRoute } from "../shared/api/schemas/mod.ts";
import type { Method } from "../shared/contract/method.ts";
import type { Config } from "./config.ts";
import { costOf } from "./jobs/check_cost.ts";

/**
 * The OpenAPI 3.1 description of the functions, derived from the routes' schemas and the methods.
 *
 * @param config Its limits are said for each method.
 */
export function openApi(methods: readonly Method[], config: Config) {
  const runs = methods.map((method) => {
    const cost = { "x-cost": costOf(method.id), "x-limits": limitsOf(method.id, config) };
    const post = { ...operation(runRoute(method)), ...cost };
    return [`/api/${method.id}`, { post }] as const;
  });
  const paths: ZodOpenApiPathsObject = {};
  for (const route of ROUTES.filter(({ needsToken }) => !needsToken || config.REBUILD_TOKEN)) {
    paths[route.path] = { ...paths[route.path], [route.verb]: operation(route) };
  }
  return createDocument({
    openapi: "3.1.0",
    info: {
      title: "Convscope",
      version: "1",
      description: "What a convolutional network has learned, and what it looks at.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{}],
    paths: { ...paths, ...Object.fromEntries(runs) },
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const { id, summary, description, of, query, body, answers, problems, needsToken } = route;
  const path = of && z.strictObject({ id: z.string().describe(`Id of ${of}.`) });
  return {
    operationId: id,
    summary,
    ...description && { description },
    ...needsToken && { security: [{ token: [] }] },
    ...(path || query) && { requestParams: { ...path && { path }, ...query && { query } } },
    ...body && {
      requestBody: { required: !body.optional, content: { [body.type]: { schema: body.schema } } },
    },
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, { description, content }]) => [
          status,
          { description, content: mediaTypes(content) },
        ]),
      ),
      ...Object.fromEntries(problems.map((status) => [status, problemOf(status)])),
    },
  };
}

/** A body that is no JSON. */
const BYTES = { type: "string", format: "binary" } as const;

const mediaTypes = (content: Readonly<Record<string, z.ZodType | null>>) =>
  Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schema ?? BYTES }]),
  );

/** What a status may stand for; the problem's `type` says which it is. */
function problemOf(wanted: number) {
  const titles = Object.values(PROBLEMS).filter(([status]) => status === wanted)
    .map(([, title]) => title);
  return {
    description: titles.join("; or: "),
    content: { "application/problem+json": { schema: problemSchema } },
  };
}

/** What a job of the method, and whoever asks for it, may take here. */
function limitsOf(id: string, config: Config): Readonly<Record<string, number>> {
  return {
    jobs: config.MAX_JOBS,
    jobsOfOneAddress: config.MAX_CLIENT_JOBS,
    uploads: config.MAX_UPLOADS,
    uploadsOfOneAddress: config.MAX_CLIENT_UPLOADS,
    bytes: config.MAX_BODY_BYTES,
    pixels: config.MAX_PIXELS,
    steps: config.MAX_STEPS,
    seconds: config.MAX_SECONDS,
    memoryMiB: config.MAX_JOB_MB,
    ...id === "occlusion" && { positions: config.MAX_POSITIONS },
  };
}
