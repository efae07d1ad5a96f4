import { z } from "zod";
import type { MethodInfo } from "../../shared/api/mod.ts";
import { methods } from "../../shared/methods/registry.ts";
import type { Method } from "../../shared/contract/method.ts";
import { ProblemError } from "../problems.ts";
import type { Context } from "hono";

/** @throws {ProblemError} 404 if there is no such method. */
export function findMethod(id: string): Promise<Method> {
  const row = methods.find((method) => method.id === id);
  if (row) return row.load();
  const ids = methods.map((method) => method.id).join(", ");
  throw new ProblemError("not-found", `There is no method "${id}"; there are ${ids}`);
}

/** Every method of the registry. */
export const loadMethods = (): Promise<Method[]> => Promise.all(methods.map((row) => row.load()));

/** The same, with a JSON Schema of its options. */
export async function describeMethods(): Promise<MethodInfo[]> {
  return (await loadMethods()).map(({ id, title, summary, paper, takes, options }) => ({
    id,
    title,
    summary,
    paper,
    takes,
    options: z.toJSONSchema(options, { io: "input" }) as Record<string, unknown>,
  }));
}

/** `GET /api/methods`: the registry. */
export async function listMethods(c: Context): Promise<Response> {
  return c.json(await describeMethods());
}
