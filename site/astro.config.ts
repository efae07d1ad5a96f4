import { defineConfig } from "astro/config";

export default defineConfig({
  // Everything is a file of its own: the functions serve pages without inline code or styles.
  build: { inlineStylesheets: "never", format: "directory" },
  vite: { build: { assetsInlineLimit: 0 } },
  devToolbar: { enabled: false },
});
