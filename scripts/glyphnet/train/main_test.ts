import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

async function task(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "scripts/glyphnet/train/main.ts", ...args],
    cwd: ROOT,
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), errors: text(stderr) };
}

test("--smoke: the loss falls", async () => {
  const { code, out } = await task("--smoke");
  expect(out).toMatch(/step 120\/120 {2}loss [\d.]+ {2}top-1 [\d.]+ %.* scenes\/s/);
  const [, before, after] = /loss ([\d.]+) -> ([\d.]+)/.exec(out)!.map(Number);
  expect(before).toBeCloseTo(Math.log(10), 0);
  expect(after).toBeLessThan(0.9 * before);
  expect(code).toBe(0);
});

test("unknown networks and steps are refused", async () => {
  const unknown = await task("alexnet");
  expect(unknown.errors).toContain(`Cannot train "alexnet": known are glyphnet, glyphnet-b`);
  expect(unknown.code).toBe(1);
  const { errors } = await task("glyphnet", "--until", "soon");
  expect(errors).toContain("Cannot train until step soon: expected a step from 1 to");
});
