import { cp, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import type { AstroIntegration } from "astro";
import { defineConfig } from "astro/config";
import { FIGURE_FOLDERS } from "./src/gallery/folders.ts";

/** The files of the figures are not built, only copied. */
const figures: AstroIntegration = {
  name: "figures",
  hooks: {
    "astro:build:done": async ({ dir }) => {
      const target = fileURLToPath(new URL("gallery/", dir));
      await mkdir(target, { recursive: true });
      for (const folder of FIGURE_FOLDERS.filter(existsSync)) {
        await cp(folder, target, { recursive: true });
      }
    },
  },
};

export default defineConfig({
  site: process.env.PUBLIC_SITE_URL,
  outDir: process.env.SITE_OUT ?? "dist",
  integrations: [figures],
  // Everything is a file of its own: the functions serve pages without inline code or styles.
  build: { inlineStylesheets: "never", format: "directory" },
  // Pages say themselves what is worth fetching early.
  markdown: { syntaxHighlight: false },
  vite: { build: { assetsInlineLimit: 0 }, worker: { format: "es" } },
  devToolbar: { enabled: false },
});
