import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));

/** Codes of what the project's linter says of a file with this text. */
async function complaintsOf(code: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "some.ts");
    await Deno.writeTextFile(path, code);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["lint", "--json", "--config", CONFIG, path],
      stderr: "null",
    }).output();
    const { diagnostics } = JSON.parse(new TextDecoder().decode(stdout));
    return diagnostics.map((diagnostic: { code: string }) => diagnostic.code);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

test("the pathname of a file's URL is refused, that of a request's is not", async () => {
  expect(await complaintsOf(`console.log(new URL("../a", import.meta.url).pathname);\n`))
    .toEqual(["convscope-paths/file-url"]);
  expect(await complaintsOf(`console.log(new URL(location.href).pathname);\n`)).toEqual([]);
});
