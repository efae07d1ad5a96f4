import type { Context, Handler } from "hono";
import type { Services } from "../services.ts";

/** `GET /api/models`: the catalogue. */
export function listModels({ catalogue }: Services): Handler {
  return async (c) => c.json(await catalogue.list());
}

/** `GET /api/models/<id>`: one network, with its classes. An id may hold slashes. */
export function describeModel({ catalogue }: Services): Handler {
  return async (c: Context) => c.json(await catalogue.describe(c.req.param("id") ?? ""));
}
