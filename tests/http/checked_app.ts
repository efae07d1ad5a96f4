import type { Hono } from "hono";
import type { z } from "zod";
import { problemSchema, type Route, ROUTES, runRoute } from "../../shared/api/schemas/mod.ts";
import { methods } from "../../shared/methods/registry.ts";

const RUNS = await Promise.all(methods.map(async (row) => runRoute(await row.load())));

/** More special ones come first. */
const PATTERNS = [...ROUTES, ...RUNS].map((route: Route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll(".", "\\.").replace("{id}", "(.+)")}$`),
}));

/** An answer that is not what its route promises. */
class ContractError extends Error {
  override readonly name = "ContractError";
}

/**
 * The app, with every answer held against what its route promises: its status, its media type and,
 * by the schema, its body. Events are parsed as they pass, so that streams stay streams.
 */
export function checkedApp(app: Pick<Hono, "fetch">): Pick<Hono, "fetch" | "request"> {
  const checked: Pick<Hono, "fetch" | "request"> = {
    async fetch(request, ...rest) {
      const response = await app.fetch(request, ...rest);
      const pathname = URL.parse(request.url)?.pathname ?? "";
      const verb = request.method.toLowerCase();
      const found = PATTERNS.find(({ route, pattern }) =>
        route.verb === verb && pattern.test(pathname)
      );
      return check(response, found?.route, `${request.method} ${pathname}`);
    },
    request: (path, init) =>
      checked.fetch(new Request(new URL(`${path}`, "http://localhost"), init)),
  };
  return checked;
}

function check(response: Response, route: Route | undefined, asked: string) {
  const type = response.headers.get("Content-Type")?.split(";")[0];
  const { status } = response;
  if (type === "application/problem+json") {
    if (route && status !== 405 && !route.problems.includes(status)) {
      throw new ContractError(`${asked} promises no problem of status ${status}`);
    }
    return parsed(response, problemSchema, asked);
  }
  if (!route) return response;
  const answer = route.answers[status];
  if (!answer) throw new ContractError(`${asked} promises no answer of status ${status}`);
  if (response.body === null) return response;
  const schema = answer.content[type ?? ""];
  if (schema === undefined) throw new ContractError(`${asked} promises no ${type}`);
  if (schema === null) return response;
  return parsed(response, schema, asked, type === "application/x-ndjson");
}

/** The response, whose body fails where it is not what the schema says. */
function parsed(response: Response, schema: z.ZodType, asked: string, isLines = false): Response {
  const decoder = new TextDecoder();
  let rest = "";
  const passing = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      rest += decoder.decode(chunk, { stream: true });
      if (isLines) {
        const lines = rest.split("\n");
        rest = lines.pop()!;
        for (const line of lines) hold(JSON.parse(line), schema, asked);
      }
      controller.enqueue(chunk);
    },
    flush() {
      if (!isLines) hold(JSON.parse(rest), schema, asked);
    },
  });
  return new Response(response.body!.pipeThrough(passing), response);
}

function hold(value: unknown, schema: z.ZodType, asked: string): void {
  const { error } = schema.safeParse(value);
  if (error) throw new ContractError(`${asked} breaks its promise: ${error.message}`);
}
