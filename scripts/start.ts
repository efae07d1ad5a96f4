/**
 * `deno task start`: builds the site if that is needed, and serves it and the functions at one port
 * until it is interrupted. PORT and HOST choose where; functions/config.ts says what else can be set.
 */
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { modelFolders } from "../models/folders.ts";
import { listModels, locateModel } from "../models/mod.ts";
import { readConfig } from "../functions/config.ts";
import { chooseBackend } from "../shared/runtime/mod.ts";
import { quietGraphics } from "./quiet_graphics.ts";
import { RebuildQueue } from "../functions/rebuild_queue.ts";
import { freshSite } from "./start/fresh_site.ts";
import { choosePort } from "./start/choose_port.ts";
import { allocatorSettings } from "./start/frugal.ts";
import { endWithParent } from "./start/end_with_parent.ts";
import { isListening } from "./start/listening.ts";
import { passSignals } from "./start/pass_signals.ts";
import { runRebuilds } from "./start/rebuild_runner.ts";
import { serveArguments } from "./start/serve_arguments.ts";

/** Seconds that a server has beyond STOP_SECONDS before it is killed. */
const KILL_SECONDS = 5;

async function main(): Promise<number> {
  endWithParent();
  const env = Deno.env.get;
  const config = readConfig(env);
  const hostname = env("HOST") || "127.0.0.1";
  const requested = readPort(env("PORT") || "8000");
  const port = choosePort(requested, hostname);
  if (port !== requested) console.log(`Port ${requested} is taken, so this is at ${port}`);
  if (!env("SITE")) await freshSite(() => console.log("Building the site ..."));
  quietGraphics();
  const { backend, reason } = await chooseBackend(config.BACKEND);
  const own = `http://${
    ["0.0.0.0", "[::]", "::"].includes(hostname) ? "127.0.0.1" : hostname
  }:${port}`;
  // One GPU is not faster for being shared.
  const isolates = backend === "webgpu"
    ? 1
    : Number(env("DENO_JOBS")) || navigator.hardwareConcurrency;
  const workers = config.FANOUT_URL ?? (isolates > 1 ? [own] : []);
  const { mirror, cache, own: ownModels } = modelFolders();
  const folders = [mirror, cache, ownModels].filter((folder) => folder !== undefined);
  if (mirror !== undefined && !existsSync(mirror)) {
    throw new RangeError(`Cannot start: MODEL_MIRROR is "${mirror}", there is no such folder`);
  }
  const place = relative(
    fileURLToPath(new URL("..", import.meta.url)),
    resolve(config.REBUILD_FOLDER),
  );
  if (config.REBUILD_TOKEN !== undefined && !place.startsWith(".cache")) {
    throw new RangeError(
      `Cannot start: REBUILD_FOLDER is "${config.REBUILD_FOLDER}", expected a folder in .cache`,
    );
  }
  const canRebuild = config.REBUILD_TOKEN !== undefined && config.REBUILD_WEBHOOK === undefined;
  const child = new Deno.Command(Deno.execPath(), {
    args: serveArguments({
      hostname,
      port,
      folders,
      workers,
      isNative: backend === "native",
      site: env("SITE") || undefined,
      ...canRebuild && { rebuildFolder: config.REBUILD_FOLDER },
      webhook: config.REBUILD_WEBHOOK,
    }),
    env: {
      ...allocatorSettings(env),
      ...workers.length > 0 && {
        FANOUT_SECRET: config.FANOUT_SECRET ?? crypto.getRandomValues(new Uint8Array(32)).toHex(),
        FANOUT_URL: workers.join(),
        FANOUT_LANES: env("FANOUT_LANES") || `${Math.max(1, isolates - 1)}`,
      },
      DENO_JOBS: `${isolates}`,
      BACKEND: backend,
      END_WITH_STDIN: "1",
    },
    // Else a terminal's Ctrl-C would reach it twice, and the second one ends it at once.
    detached: true,
    // Never written to: it ends with this process, however that ends.
    stdin: "piped",
  }).spawn();
  const stop = new AbortController();
  const rebuilds = canRebuild
    ? runRebuilds(new RebuildQueue(config.REBUILD_FOLDER), {
      signal: stop.signal,
      site: config.SITE,
    })
    : Promise.resolve();
  const { STOP_SECONDS } = config;
  const isStopped = passSignals(child, STOP_SECONDS + KILL_SECONDS, () => {
    stop.abort();
    console.log(`Stopping: jobs have ${STOP_SECONDS} s to end (Ctrl-C again ends it at once)`);
  });
  console.log(`Networks run on ${reason}`);
  if (!listModels().some((manifest) => locateModel(manifest))) {
    console.log(
      "There is no network on this machine yet: `deno task fetch googlenet-12` gets one, or set " +
        "MODEL_MIRROR to a folder that has some",
    );
  }
  if (await answers(own, child.status)) console.log(`Convscope is at ${own}/ (Ctrl-C stops it)`);
  const { code } = await child.status;
  stop.abort();
  await rebuilds;
  return isStopped() ? 0 : code;
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new RangeError(`Cannot start: PORT is "${text}", expected 1 to 65535`);
}

/** Waits until the server answers; false if it ended before. */
async function answers(origin: string, ended: Promise<unknown>): Promise<boolean> {
  let over = false;
  ended.then(() => over = true);
  while (!over) {
    if (await isListening(origin)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

try {
  Deno.exit(await main());
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(error.message);
  Deno.exit(1);
}
