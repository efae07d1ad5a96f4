import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Builds the tests' page as Astro builds the site's. @returns Its folder; the caller's to remove. */
export async function buildHarness(): Promise<string> {
  const outDir = await Deno.makeTempDir({ prefix: "harness-" });
  await build({
    root: fileURLToPath(new URL(".", import.meta.url)),
    configFile: false,
    logLevel: "error",
    build: { outDir, assetsDir: "_astro", assetsInlineLimit: 0, emptyOutDir: true },
    worker: { format: "es" },
  });
  return outDir;
}
