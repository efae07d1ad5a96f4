import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { quietGraphics } from "../scripts/quiet_graphics.ts";

quietGraphics();

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["{shared,functions,scripts,site,models,tests}/**/*_test.ts"],
    exclude: ["**/node_modules/**"],
    // OpenCV's module resolves to itself without end where its members become the namespace's.
    deps: { interopDefault: false },
    // A WASM runtime and real networks: the first run compiles, and two cores are shared.
    testTimeout: 400_000,
    hookTimeout: 400_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
