import { readdirSync } from "node:fs";
import type { GradientCase } from "../../shared/grad/gradient_case.ts";

const folder = new URL("../../shared/grad/ops/", import.meta.url);

/** The cases of all gradient rules: every `*_cases.ts` beside a rule. */
export async function allCases(): Promise<GradientCase[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith("_cases.ts")).sort();
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, folder).href) as Promise<{ cases: GradientCase[] }>),
  );
  return modules.flatMap((module) => module.cases);
}
