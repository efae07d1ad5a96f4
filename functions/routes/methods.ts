import type { Context } from "hono";
import { describeMethods } from "../methods.ts";

/** `GET /api/methods`: the registry. */
export async function listMethods(c: Context): Promise<Response> {
  return c.json(await describeMethods());
}
