/**
 * `deno task soak`: a mixed load on servers as docs/hosting.md has them. Each answer is compared
 * with the one that was computed alone before; memory must not grow.
 *
 * @module
 */
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { modelCatalogue } from "../../functions/catalogue.ts";
import { createServices } from "../../functions/services.ts";
import { quantile } from "../../shared/tensor/stats.ts";
import { exitCode } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { answerOf } from "./answer_of.ts";
import { load, type LoadResult } from "./load.ts";
import { type Growth, MemoryWatch } from "./memory_watch.ts";
import { requestsFor, type SoakRequest } from "./requests.ts";
import { serve, SERVINGS, type SoakServer } from "./serve.ts";
import { soakOptions } from "./soak_options.ts";

/** MiB a minute that the memory of a process may grow after the warm-up. */
const MOST_GROWTH = 1;

/** Standard errors by which it has to be above that. */
const DOUBT = 2;

/** Minutes from which on growth can be told from noise. */
const LONG = 5;

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, soakOptions);
  const models = options.models.split(",");
  const requests = requestsFor(models);
  const expected = await computedAlone(requests);
  const faults: string[] = [];
  for (const serving of options.serving.split(",") as (keyof typeof SERVINGS)[]) {
    await using stack = new AsyncDisposableStack();
    const servers = (await serve(serving)).map((server) => stack.use(server));
    using memory = new MemoryWatch(servers.map(({ pid }) => pid));
    const result = await load({
      ...{ origins: servers.map(({ origin }) => origin), requests, expected, models, signal },
      ...{ clients: options.clients, seed: options.seed, milliseconds: 60_000 * options.minutes },
    });
    console.log(`\n${printed(serving, options.minutes, result, memory)}`);
    faults.push(...faultsOf(serving, options.minutes, result, memory, servers));
  }
  if (faults.length > 0) throw new Error(`Cannot call it sound: ${faults.join("; ")}`);
}

/** What each request is answered with when nothing else runs, in one isolate, by name. */
async function computedAlone(
  requests: readonly SoakRequest[],
): Promise<ReadonlyMap<string, string>> {
  const config = readConfig((name) => name === "BACKEND" ? "wasm" : undefined);
  const app = createApp(createServices(config, modelCatalogue));
  const expected = new Map<string, string>();
  // The server's log is of no use here.
  const { info } = console;
  console.info = () => {};
  try {
    for (const request of requests) {
      const { digest } = await answerOf(await app.fetch(request.make("http://localhost")));
      expected.set(request.name, digest);
    }
  } finally {
    console.info = info;
  }
  return expected;
}

function printed(
  serving: string,
  minutes: number,
  { seconds, counts, wrong }: LoadResult,
  memory: MemoryWatch,
): string {
  const at = (share: number) => `${quantile(seconds, share).toFixed(2)} s`;
  const rss = [0.25, 0.5, 0.75, 1].map((part) => memory.totalAt(part));
  return table([
    ["serving", serving],
    ["time", `${minutes} min`],
    [
      "answers of methods",
      `${counts.answered}, ${(counts.answered / minutes).toFixed(0)} a minute`,
    ],
    ["p50, p95, p99", [0.5, 0.95, 0.99].map(at).join(", ")],
    ["bad files and forms", `${counts.bad}`],
    ["cancelled", `${counts.cancelled}`],
    ["sent away (429, 503)", `${counts.refused}`],
    ["wrong", `${wrong.length}`],
    ["memory at each quarter", rss.map((value) => `${value?.toFixed(0) ?? "?"} MiB`).join(", ")],
    ["growth of a process", growthText(memory.growth())],
  ]);
}

const growthText = (growth?: Growth) =>
  growth ? `${growth.perMinute.toFixed(2)} ± ${growth.error.toFixed(2)} MiB a minute` : "?";

function faultsOf(
  serving: string,
  minutes: number,
  { wrong, counts: { answered, bad } }: LoadResult,
  memory: MemoryWatch,
  servers: readonly SoakServer[],
): string[] {
  const growth = memory.growth();
  return [
    ...wrong.slice(0, 5).map((line) => `${serving}: ${line}`),
    ...answered + bad === 0 ? [`${serving}: nothing was answered`] : [],
    ...minutes >= LONG && growth && growth.perMinute - DOUBT * growth.error > MOST_GROWTH
      ? [`${serving}: a process grows by ${growthText(growth)}, at most ${MOST_GROWTH}`]
      : [],
    ...wrong.length > 0 ? servers.map((server) => server.said()).filter((said) => said !== "") : [],
  ];
}

if (import.meta.main) {
  if (Deno.args.includes("--help")) {
    console.log(`Usage: deno task soak [options]\n\n${optionHelp("Options", soakOptions)}`);
  } else Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task soak --help"));
}
