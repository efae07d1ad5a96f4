import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What the pages' policy refuses; their script takes it off at once. */
const INLINE_STYLE = / style="display: none;"/g;

/**
 * Writes the reference of the package's modules, with a search, as `deno doc` makes it.
 *
 * @param target Folder that it becomes.
 */
export async function writeApiDocs(target: string): Promise<void> {
  const { name, exports } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  const modules = Object.values<string>(exports);
  const args = ["doc", "--quiet", "--html", `--name=${name}`, `--output=${target}`, ...modules];
  // The executable is Deno: Astro runs in it.
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  for (const file of await readdir(target, { recursive: true })) {
    if (!file.endsWith(".html")) continue;
    const path = join(target, file);
    await writeFile(path, (await readFile(path, "utf8")).replaceAll(INLINE_STYLE, ""));
  }
}
