import { z } from "zod";
import type { TechniqueInfo } from "../shared/api/mod.ts";
import { techniques } from "../shared/techniques/registry.ts";
import type { Technique } from "../shared/contract/technique.ts";
import { ProblemError } from "./problem_error.ts";

/** @throws {ProblemError} 404 if there is no such technique. */
export function findTechnique(id: string): Promise<Technique> {
  const row = techniques.find((technique) => technique.id === id);
  if (row) return row.load();
  const ids = techniques.map((technique) => technique.id).join(", ");
  throw new ProblemError("not-found", `There is no technique "${id}"; there are ${ids}`);
}

/** Every technique of the registry, with a JSON Schema of its options. */
export async function describeTechniques(): Promise<TechniqueInfo[]> {
  const all = await Promise.all(techniques.map((row) => row.load()));
  return all.map(({ id, title, summary, paper, takes, options }) => ({
    id,
    title,
    summary,
    paper,
    takes,
    options: z.toJSONSchema(options, { io: "input" }) as Record<string, unknown>,
  }));
}
