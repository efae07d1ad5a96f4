import type { Handler } from "hono";
import { ProblemError } from "../problem_error.ts";
import type { Services } from "../services.ts";

/** `DELETE /api/jobs/<id>`: cancels a job; whoever started it knows its id. */
export function cancelJob({ running }: Services): Handler {
  return async (c) => {
    const id = c.req.param("id") ?? "";
    if (await running.cancel(id)) return c.body(null, 204);
    throw new ProblemError("not-found", "There is no job of that id; it may have ended");
  };
}
