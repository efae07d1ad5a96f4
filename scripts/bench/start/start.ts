import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { z } from "zod";
import { optionHelp } from "../../cli/help.ts";
import { parseCommandLine } from "../../cli/option_parser.ts";
import { table } from "../../cli/table.ts";
import { jsonOption } from "../bench_options.ts";
import { type Benchmark, writeFigures } from "../benchmark.ts";
import { startServer } from "./start_server.ts";
import { visitPage } from "./visit_page.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const options = z.object({
  models: z.string().min(1).default("glyphnet,squeezenet1.1")
    .describe("Ids of networks, separated by commas."),
  runs: z.int().min(1).max(100).default(3)
    .describe("Fresh servers and fresh browsers; the least time counts."),
  beside: z.string().min(1).optional()
    .describe("Folder of another version of this project, with its site built; timed in turn."),
  json: jsonOption,
});

/** How long it takes from nothing to the first map. */
export const startBenchmark: Benchmark = {
  name: "start",
  summary: "Times a fresh server, and a fresh Chromium with a page of it, to the first map, a " +
    "gradient on WASM.",
  help: optionHelp("Options of start", options),
  run,
};

/** Milliseconds of one version and network. */
interface StartTiming {
  /** Folder of the version. */
  readonly root: string;
  readonly model: string;
  /** From the start of the server's process to its first answer of any kind. */
  readonly listeningMs: number;
  /** From the start of the server's process to its first map. */
  readonly serverMs: number;
  /** Of the same request again. */
  readonly againMs: number;
  /** From the address to the first map that the page computes, nothing in the browser's cache. */
  readonly pageMs: number;
  /** The same with a browser that has been there before. */
  readonly returnMs: number;
}

type Measured = Omit<StartTiming, "root" | "model">;

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const roots = [...given.beside === undefined ? [] : [resolve(given.beside)], ROOT];
  const timings: StartTiming[] = [];
  for (const model of given.models.split(",")) {
    const measured = roots.map((): Measured[] => []);
    // In turn, so that all see the same noise of the machine.
    for (let i = 0; i < given.runs; i++) {
      for (const [k, root] of roots.entries()) {
        signal.throwIfAborted();
        measured[k].push(await measure(root, model, signal));
        console.error(`${root} ${model}: ${JSON.stringify(measured[k].at(-1))}`);
      }
    }
    for (const [k, root] of roots.entries()) timings.push({ root, model, ...least(measured[k]) });
  }
  console.log(startTable(timings));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

async function measure(root: string, model: string, signal: AbortSignal): Promise<Measured> {
  await using server = await startServer(root, signal);
  const serverMs = server.listeningMs + await server.timeMap(model);
  const againMs = await server.timeMap(model);
  const { pageMs, returnMs } = await visitPage(server.origin, model, signal);
  return { listeningMs: server.listeningMs, serverMs, againMs, pageMs, returnMs };
}

/** Other work on the cores only ever adds to what a start takes. */
function least(measured: readonly Measured[]): Measured {
  const of = (name: keyof Measured) => Math.min(...measured.map((one) => one[name]));
  return {
    listeningMs: of("listeningMs"),
    serverMs: of("serverMs"),
    againMs: of("againMs"),
    pageMs: of("pageMs"),
    returnMs: of("returnMs"),
  };
}

const startTable = (timings: readonly StartTiming[]) =>
  table([
    ["model", "version", "listening, s", "server, s", "again, s", "page, s", "page again, s"],
    ...timings.map(({ root, model, listeningMs, serverMs, againMs, pageMs, returnMs }) => [
      model,
      root === ROOT ? "this one" : root,
      ...[listeningMs, serverMs, againMs, pageMs, returnMs].map((ms) => (ms / 1000).toFixed(2)),
    ]),
  ]);
