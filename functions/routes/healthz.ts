import type { Context } from "hono";

/** Answers as long as the isolate does. */
export function healthz(c: Context): Response {
  return c.json({ status: "ok" }, 200, { "Cache-Control": "no-store" });
}
