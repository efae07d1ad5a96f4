import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { quietGraphics } from "../scripts/quiet_graphics.ts";
import { LongestFirst } from "./longest_first.ts";

quietGraphics();

/** A line of the server's request log. */
const REQUEST = /^\{"time":"[^"]*","level":"info"/;

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  test: {
    include: ["{shared,models,functions,scripts,site,tests}/**/*_test.ts"],
    exclude: ["**/node_modules/**"],
    // OpenCV's module resolves to itself without end where its members become the namespace's.
    deps: { interopDefault: false },
    setupFiles: ["tests/time_limits.ts"],
    // The server logs requests in tests as it does elsewhere; nobody looks for them there.
    onConsoleLog: (text) => REQUEST.test(text) ? false : undefined,
    pool: "forks",
    maxWorkers: 2,
    // Modules and ONNX Runtime are loaded once for all files of a worker.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // `deno task coverage`. What runs in browsers and in processes of its own is not counted.
    coverage: {
      provider: "v8",
      include: ["{shared,models,functions,scripts,site}/**/*.ts"],
      exclude: ["**/*_test.ts", "**/*_cases.ts", "site/{dist,.astro}/**"],
      reporter: [[fileURLToPath(new URL("coverage_table.ts", import.meta.url)), {}]],
      reportsDirectory: ".cache/coverage",
    },
  },
});
