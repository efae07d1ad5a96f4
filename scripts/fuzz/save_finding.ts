import { join } from "node:path";
import type { Finding } from "./job.ts";
import { makeInput, seedsOf } from "./make_input.ts";
import type { Target } from "./target.ts";

/**
 * Writes the input of a finding, and beside it what happened and how to see it again.
 *
 * @returns The path of the input.
 */
export async function saveFinding(
  target: Target,
  finding: Finding,
  { out, corpus }: { readonly out: string; readonly corpus?: string },
): Promise<string> {
  const { seed, index, kind, message } = finding;
  const path = join(out, `${target.name}-${seed}-${index}.bin`);
  await Deno.mkdir(out, { recursive: true });
  const seeds = await seedsOf(target, corpus);
  await Deno.writeFile(path, makeInput(target, seeds, { seed }, index));
  const repeat = `deno task fuzz --target ${target.name} --replay ${path}`;
  await Deno.writeTextFile(`${path}.txt`, `${repeat}\n${kind}: ${message}\n`);
  return path;
}
