/** The recipe for a gradient in CONTRIBUTING.md works as it is written. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { GradientCase } from "../../shared/grad/gradient_case.ts";
import type { GradientRow } from "../../shared/grad/gradient_scope.ts";
import { NO_GRADIENT, RULES } from "../../shared/grad/rules.ts";
import { SHAPE_RULES } from "../../shared/onnx/shape/infer_shapes.ts";
import { sameAsInput } from "../../shared/onnx/shape/elementwise_rules.ts";
import { differenceError } from "./check_gradient.ts";

const ROOT = new URL("../../", import.meta.url);

test("the example of CONTRIBUTING.md is a gradient of an operator that has none", async () => {
  const text = await Deno.readTextFile(new URL("CONTRIBUTING.md", ROOT));
  const blocks = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);
  const [, op, rule] = /the row `(\w+): \{ rule: (\w+) \}`/.exec(text)!;
  expect(op in RULES || NO_GRADIENT.has(op) || op in SHAPE_RULES).toBe(false);

  await Deno.mkdir(new URL(".cache/", ROOT), { recursive: true });
  const folder = await Deno.makeTempDir({ dir: fileURLToPath(new URL(".cache/", ROOT)) });
  const load = async (name: string, code: string) => {
    const path = `${folder}/${name}`;
    const grad = fileURLToPath(new URL("shared/grad/", ROOT));
    await Deno.writeTextFile(path, code.replaceAll('from "../', `from "${grad}`));
    return await import(/* @vite-ignore */ path);
  };
  try {
    const gradient = (await load("rule.ts", blocks[0]))[rule];
    const { cases }: { cases: GradientCase[] } = await load("cases.ts", blocks[1]);
    (RULES as Record<string, GradientRow>)[op] = { rule: gradient };
    (SHAPE_RULES as Record<string, typeof sameAsInput>)[op] = sameAsInput;
    for (const row of cases) expect(await differenceError(row)).toBeLessThan(5e-4);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
