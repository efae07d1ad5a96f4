import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createApp } from "../../../functions/app.ts";
import { readConfig } from "../../../functions/config.ts";
import { modelCatalogue } from "../../../functions/catalogue.ts";
import { createServices } from "../../../functions/services.ts";
import { LIVE, liveSite } from "../../../functions/site_files.ts";
import { FINAL_STATES, type RebuildJob } from "../../../shared/api/mod.ts";
import { holdGallery } from "../build.ts";
import { hold, pause, type Scenario } from "../scenario.ts";

const PROCESS = fileURLToPath(new URL("../rebuild_process.ts", import.meta.url));
/** Where `deno task figures` may write. */
const CACHE = fileURLToPath(new URL("../../../.cache", import.meta.url));

const TOKEN = "a token of the faults";

/** Milliseconds within which a rebuild is struck: figures, then pages. */
const SPAN = 40_000;

/** Milliseconds after which a rebuild is taken for lost. */
const LOST = 300_000;

const killedRebuild: Scenario = {
  name: "killed-rebuild",
  summary: "kill -9 of what makes a rebuild that was asked for over HTTP; then it is started anew",
  async run({ draw, reference }) {
    const root = await Deno.makeTempDir({ dir: CACHE, prefix: "faults-" });
    const folders = ["queue", "gallery", "site"].map((name) => join(root, name));
    const [queue, gallery, site] = folders;
    let maker = startMaker(folders);
    try {
      const ask = asker({ SITE: site, REBUILD_FOLDER: queue });
      const { id } = await ask("", { method: "POST", body: REQUEST });
      await pause(draw.below(SPAN));
      await killAll(maker);
      hold(isWhole(site), "a part of a build is served");
      await holdGallery(gallery, reference.gallery, false);
      const left = await ask(`/${id}`);
      hold(left.id === id, "the rebuild is lost");
      maker = startMaker(folders);
      const job = await endOf(() => ask(`/${id}`));
      hold(job.state === "done", `the rebuild ends as ${job.state}: ${job.reason}`);
      await holdGallery(gallery, reference.gallery, true);
      hold(isWhole(site) && existsSync(join(site, LIVE)), "no whole build is served");
      for (const { name } of Deno.readDirSync(site)) {
        hold([LIVE, basename(liveSite(site))].includes(name), `${name} is left behind`);
      }
    } finally {
      await killAll(maker);
      await Deno.remove(root, { recursive: true });
    }
  },
};

const REQUEST = JSON.stringify({ models: ["glyphnet"], sets: ["weights", "cam"] });

/** Asks the functions about rebuilds. */
function asker(env: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = { BACKEND: "wasm", REBUILD_TOKEN: TOKEN, ...env };
  const app = createApp(createServices(readConfig((name) => all[name]), modelCatalogue));
  return async (path: string, init: RequestInit = {}): Promise<RebuildJob> => {
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const answer = await app.request(`/api/rebuild${path}`, { ...init, headers });
    const said = await answer.json();
    hold(answer.ok, `the functions answer ${answer.status}: ${said.detail}`);
    return said;
  };
}

async function endOf(look: () => Promise<RebuildJob>): Promise<RebuildJob> {
  const begun = performance.now();
  while (performance.now() - begun < LOST) {
    const job = await look();
    if (FINAL_STATES.includes(job.state)) return job;
    await pause(500);
  }
  throw new Error("the rebuild does not end");
}

/** What is served is a build with all its pages, or there is none yet. */
const isWhole = (site: string) =>
  !existsSync(join(site, LIVE)) || existsSync(join(liveSite(site), "index.html"));

const startMaker = (folders: readonly string[]) =>
  new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", PROCESS, ...folders],
    // A group of its own, with all that it starts.
    detached: true,
    stdout: "null",
    stderr: "null",
  }).spawn();

/** Ends a process and all that it started, as the end of a machine would. */
async function killAll(process: Deno.ChildProcess): Promise<void> {
  try {
    Deno.kill(-process.pid, "SIGKILL");
  } catch {
    // All of them have ended.
  }
  await process.status;
}

export const rebuilds: readonly Scenario[] = [killedRebuild];
