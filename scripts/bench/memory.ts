import { fileURLToPath } from "node:url";
import { z } from "zod";
import { loadMethods } from "../../functions/routes/methods.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { ALLOCATOR, ENGINE_FLAGS } from "../start/frugal.ts";
import { jsonOption, modelsOf, modelsOption } from "./bench_options.ts";
import { type Benchmark, writeFigures } from "./benchmark.ts";
import type { MemoryFigures } from "./memory_request.ts";

const REQUEST = fileURLToPath(new URL("memory_request.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const options = z.object({
  models: modelsOption,
  methods: z.string().optional()
    .describe("Ids of methods, separated by commas. All that a server runs by default."),
  settings: z.enum(["start", "none"]).default("start")
    .describe("Of the process: those of deno task start, or none."),
  json: jsonOption,
});

/** What one isolate holds at its peak. */
export const memoryBenchmark: Benchmark = {
  name: "memory",
  summary: "Measures the peak of one fresh process that answers one request, on WASM (Linux).",
  help: optionHelp("Options of memory", options),
  run,
};

interface MemoryRow extends MemoryFigures {
  readonly model: string;
  readonly method: string;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const rows: MemoryRow[] = [];
  for (const model of modelsOf(given.models)) {
    for (const method of given.methods?.split(",") ?? await servedMethods()) {
      signal.throwIfAborted();
      const figures = await measure(model, method, given.settings === "start", signal);
      if (typeof figures === "string") {
        console.error(`${model} ${method}: ${figures}`);
        continue;
      }
      rows.push({ model, method, ...figures });
      console.error(`${model} ${method}: ${figures.peakMiB.toFixed(0)} MiB`);
    }
  }
  console.log(table([
    ["model", "method", "peak, MiB", "afterwards, MiB", "estimate, MiB"],
    ...rows.map(({ model, method, peakMiB, restMiB, estimateMiB }) => [
      model,
      method,
      ...[peakMiB, restMiB, estimateMiB].map((value) => value.toFixed(0)),
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, rows);
}

/** Those that need no folder of images. */
async function servedMethods(): Promise<string[]> {
  const methods = await loadMethods();
  return methods.filter(({ takes }) => takes.corpus !== "required").map(({ id }) => id);
}

/** What one request takes, or why it was not answered. */
async function measure(
  model: string,
  method: string,
  isFrugal: boolean,
  signal: AbortSignal,
): Promise<MemoryFigures | string> {
  // What reads /proc has to have all permissions.
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", ...isFrugal ? [ENGINE_FLAGS] : [], REQUEST, model, method],
    cwd: ROOT,
    env: { ...isFrugal && ALLOCATOR, NO_COLOR: "1" },
    signal,
  }).output();
  const [last] = new TextDecoder().decode(success ? stdout : stderr).trimEnd().split("\n").slice(
    -1,
  );
  return success ? JSON.parse(last) : last;
}
