import type { Context } from "hono";

/**
 * The address that a request came from; all share one where the server does not tell.
 *
 * @param hops How many proxies in front of the server are trusted to append to X-Forwarded-For.
 */
export function clientOf(c: Context, hops: number): string {
  const info = c.env as Partial<Deno.ServeHandlerInfo<Deno.NetAddr>> | undefined;
  const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
  // What lies further left than the trusted proxies wrote is the client's own invention.
  const chain = [...forwarded, info?.remoteAddr?.hostname ?? ""];
  return chain.at(-1 - hops) ?? chain[0];
}
