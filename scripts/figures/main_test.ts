import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** What `deno task figures` says when it refuses to begin. */
async function refusal(...args: string[]): Promise<{ code: number; line: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-env", MAIN, ...args],
  }).output();
  return { code, line: new TextDecoder().decode(stderr).split("\n")[0] };
}

test.each([
  [["--sets", "oclusion"], /the set "oclusion": there is no such set, did you mean .*"occlusion"/],
  [["--sets", "occlusion,x"], /the set "x": there is no such set/],
  [["--sample", "2"], /--sample: it has no effect without --check/],
  [["--plan", "--check"], /--plan: it has no effect beside --check/],
  [["--queue=redis://x", "--plan"], /--queue: it has no effect beside --plan/],
  [["--workers", "2", "--queue", "redis://x"], /--workers: it has no effect beside --queue/],
])("figures %j is refused", async (args, message) => {
  const { code, line } = await refusal("--models", "glyphnet", ...args);
  expect(line).toMatch(message);
  expect(code).toBe(2);
});
