import { cp, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";
import type { AstroIntegration } from "astro";
import { defineConfig } from "astro/config";
import sitemap from "@astrojs/sitemap";
import { writeApiDocs } from "./src/api_docs.ts";
import { compressAssets } from "./src/compress_assets.ts";
import { cutPatchRows } from "./src/gallery/patch_rows.ts";
import { allFigures } from "./src/gallery/figures.ts";
import { FIGURE_FOLDERS } from "./src/gallery/read_json.ts";

/** Where the site is if PUBLIC_SITE_URL does not say: as `deno task start` serves it. */
const LOCAL = "http://127.0.0.1:8000";

/** The drawn scenes that glyphnet knows, for the Try page. */
const SAMPLES = fileURLToPath(new URL("../models/glyphnet/samples", import.meta.url));

/** Files that no page is built of: figures, rows of their sheets, samples, the library's reference. */
const copies: AstroIntegration = {
  name: "copies",
  hooks: {
    "astro:build:done": async ({ dir }) => {
      const target = fileURLToPath(new URL("gallery/", dir));
      await mkdir(target, { recursive: true });
      for (const folder of FIGURE_FOLDERS.filter(existsSync)) {
        await cp(folder, target, { recursive: true });
      }
      await cutPatchRows(allFigures(), target);
      await writeApiDocs(fileURLToPath(new URL("docs/", dir)));
      await cp(SAMPLES, fileURLToPath(new URL("samples/glyphs/", dir)), { recursive: true });
    },
  },
};

/** What browsers load before the first image, also in a form that is a fifth as long. */
const compressed: AstroIntegration = {
  name: "compressed",
  hooks: {
    "astro:build:done": async ({ dir }) => {
      for (const folder of [new URL("_astro/", dir), dir]) {
        await compressAssets(fileURLToPath(folder));
      }
    },
  },
};

export default defineConfig({
  site: process.env.PUBLIC_SITE_URL || LOCAL,
  outDir: process.env.SITE_OUT ?? "dist",
  // Nobody looks for the page that only a token opens.
  integrations: [copies, compressed, sitemap({ filter: (page) => !page.endsWith("/maintain/") })],
  // Everything is a file of its own: the functions serve pages without inline code or styles.
  build: { inlineStylesheets: "never", format: "directory" },
  // Pages say themselves what is worth fetching early.
  markdown: { syntaxHighlight: false },
  vite: {
    build: { assetsInlineLimit: 0 },
    worker: {
      format: "es",
      // As in pages: else WebAssembly that both load is sent twice.
      rolldownOptions: { output: { assetFileNames: "_astro/[name].[hash][extname]" } },
    },
  },
  devToolbar: { enabled: false },
});
