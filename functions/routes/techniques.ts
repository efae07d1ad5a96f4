import type { Context } from "hono";
import { describeTechniques } from "../techniques.ts";

/** `GET /api/techniques`: the registry. */
export async function listTechniques(c: Context): Promise<Response> {
  return c.json(await describeTechniques());
}
