import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkFiles } from "../scripts/figures/check.ts";
import type { FigureJob } from "../scripts/figures/job.ts";
import { planFigures } from "../scripts/figures/plan.ts";
import { queueJobs } from "../scripts/figures/queue_jobs.ts";
import type { JobOutcome } from "../scripts/figures/run_jobs.ts";
import { figureId } from "../shared/gallery/recipe.ts";
import { FigureStore } from "../scripts/figures/store.ts";
import { connect } from "../scripts/figures/figure_queue.ts";
import { freePort } from "../scripts/start/listening.ts";
import { skipped } from "./skipped.ts";

const WORKER = fileURLToPath(new URL("../scripts/figures/queue_worker.ts", import.meta.url));

/** Seconds after which a job is taken from a worker that was killed. */
const LOCK = 6;

const hasRedis = await new Deno.Command("redis-server", { args: ["--version"], stdout: "null" })
  .output().then(() => true, () => false);
const noRedis = skipped("redis", !hasRedis, "the queue's tests need redis-server");

let root: string;
let url: string;
let redis: Deno.ChildProcess;
let started: Deno.ChildProcess[] = [];
beforeEach(async () => {
  if (noRedis) return;
  root = await Deno.makeTempDir();
  const port = freePort();
  url = `redis://127.0.0.1:${port}`;
  redis = startRedis(port);
});
afterEach(async () => {
  if (noRedis) return;
  // A test that fails leaves workers.
  for (const process of [...started, redis]) {
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await process.status;
  }
  started = [];
  await Deno.remove(root, { recursive: true });
});

/** Nothing of it outlives its process. */
function startRedis(port: number): Deno.ChildProcess {
  return new Deno.Command("redis-server", {
    args: ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", root],
    stdout: "null",
  }).spawn();
}

function startWorker(): Deno.ChildProcess {
  const worker = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", WORKER, "--queue", url, "--lock", `${LOCK}`],
      ...["--gallery", join(root, "gallery")],
    ],
    stdout: "null",
  }).spawn();
  started.push(worker);
  return worker;
}

async function planned(): Promise<FigureJob[]> {
  const set = {
    id: "occlusion",
    method: "occlusion",
    images: "samples",
    options: () => [{ window: 24, stride: 6 }],
  } as const;
  return await planFigures([{ id: "glyphnet", unitLayers: [], sets: [set] }], {
    folder: join(root, "gallery"),
    ownFolder: join(root, "own"),
  });
}

test.skipIf(noRedis)(
  "workers make all figures, also when one is killed in the middle",
  async () => {
    const jobs = await planned();
    const store = new FigureStore(join(root, "gallery"));
    const workers = [startWorker(), startWorker()];
    const outcomes: JobOutcome[] = [];
    const all = queueJobs(jobs, {
      url,
      onOutcome: (outcome) => {
        outcomes.push(outcome);
        // With its first figure done, the worker has begun the next.
        if (outcomes.length === 2) workers[0].kill("SIGKILL");
      },
    });
    await all;
    workers[1].kill("SIGTERM");
    expect((await workers[1].status).code).toBe(0);
    await workers[0].status;
    expect(outcomes.map(({ failure }) => failure)).toEqual(jobs.map(() => undefined));
    expect(outcomes.map(({ job }) => job.id).sort()).toEqual(jobs.map(({ id }) => id).sort());
    expect(await store.list()).toEqual(jobs.map(({ id }) => id).sort());
    for (const { id } of jobs) expect(await checkFiles(id, store)).toEqual([]);
  },
);

test.skipIf(noRedis)("jobs that went with their queue are put on the next one", async () => {
  const jobs = await planned();
  startWorker();
  const outcomes: JobOutcome[] = [];
  const first = Promise.withResolvers<void>();
  const all = queueJobs(jobs, {
    url,
    onOutcome: (outcome) => {
      outcomes.push(outcome);
      first.resolve();
    },
  });
  await first.promise;
  redis.kill("SIGKILL");
  await redis.status;
  redis = startRedis(Number(new URL(url).port));
  await all;
  expect(outcomes.map(({ failure }) => failure)).toEqual(jobs.map(() => undefined));
  const ids = jobs.map(({ id }) => id).sort();
  expect(await new FigureStore(join(root, "gallery")).list()).toEqual(ids);
});

test.skipIf(noRedis)("a worker writes nowhere but to its galleries", async () => {
  const [job] = await planned();
  startWorker();
  const outcomes: JobOutcome[] = [];
  const wrong = { ...job, folder: join(root, "elsewhere") };
  await queueJobs([wrong], { url, onOutcome: (outcome) => outcomes.push(outcome) });
  expect(outcomes[0].failure).toMatch(/^Cannot make a figure from the queue: its folder is/);
  await expect(Deno.stat(join(root, "elsewhere"))).rejects.toThrow(Deno.errors.NotFound);
});

test.skipIf(noRedis)("a job that no worker can do fails with its reason", async () => {
  const [job] = await planned();
  const recipe = { ...job.recipe, model: { id: "glyphnet", sha256: "00" } };
  const broken = { ...job, id: await figureId(recipe), recipe };
  const worker = startWorker();
  const outcomes: JobOutcome[] = [];
  await queueJobs([broken], { url, onOutcome: (outcome) => outcomes.push(outcome) });
  worker.kill("SIGTERM");
  await worker.status;
  expect(outcomes[0].failure).toMatch(/^Cannot make a figure of glyphnet: the file here has/);
});

test("what is no address of a queue is refused", () => {
  expect(() => connect("http://queue.example")).toThrow("expected redis://host:port");
  expect(() => connect("queue.example:6379")).toThrow('Cannot use the queue "queue.example:6379"');
});

test.skipIf(noRedis)("a worker whose queue is gone still ends when it is told to", async () => {
  const worker = startWorker();
  const probe = connect(url);
  const clients = async () =>
    Number(/connected_clients:(\d+)/.exec(await probe.info("clients"))?.[1]);
  // This one, and both connections of the worker.
  await expect.poll(clients, { timeout: 120_000 }).toBe(3);
  probe.disconnect();
  redis.kill("SIGKILL");
  await redis.status;
  worker.kill("SIGTERM");
  expect((await worker.status).code).toBe(0);
});
