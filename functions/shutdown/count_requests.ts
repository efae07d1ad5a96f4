import type { MiddlewareHandler } from "hono";
import type { Drain } from "./drain.ts";

/** Tells how many requests are under way: from their beginning until their answers are sent. */
export function countRequests(drain: Drain): MiddlewareHandler {
  return async (c, next) => {
    const leave = drain.enter();
    const { completed } = (c.env ?? {}) as Partial<Deno.ServeHandlerInfo>;
    completed?.then(leave, leave);
    try {
      await next();
    } finally {
      // Without a server nothing tells when an answer is sent.
      if (!completed) leave();
    }
  };
}
