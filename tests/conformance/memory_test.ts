import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("print_memory.ts", import.meta.url));

async function memoryOf(session: "ours" | "plain"): Promise<number> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, session],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

test("a gradient holds the masks of one pool at a time", async () => {
  const [ours, plain] = await Promise.all([memoryOf("ours"), memoryOf("plain")]);
  expect(ours).toBeGreaterThan(0);
  // Of eight pools: 0.64 by measurement, the same each time.
  expect(ours / plain).toBeLessThan(0.75);
});
