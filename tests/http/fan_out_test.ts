import { expect, test, vi } from "vitest";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import {
  DECLINED_HEADER,
  decodeEnvelope,
  encodeEnvelope,
} from "../../functions/invocations/invocation.ts";
import type { RunResult } from "../../shared/api/mod.ts";
import { AS_EVENTS, eventsOf, form, post } from "./requests.ts";
import { freePort } from "../../scripts/start/listening.ts";
import { serveProcess } from "./serve_process.ts";
import { checkedApp } from "./checked_app.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

const TILE_PATH = "/api/occlusion/tile";
const FANOUT_SECRET = "a secret of the tests";
const WORKER = new URL("./worker.ts", import.meta.url);

type Handler = (request: Request) => Promise<Response> | Response;

function createTestApp(env: Record<string, string> = {}, seed = 1) {
  const all: Record<string, string> = { BACKEND: "wasm", SITE: "/nowhere", ...env };
  return checkedApp(
    createApp(createServices(readConfig((name) => all[name]), tinyCatalogue(seed))),
  );
}

/** Serves `handler` at a free port of this process. */
function serve(handler: Handler) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A worker in this process that counts its tiles; `before` may meddle with them. */
function serveWorker(before: Handler | undefined = undefined, env: Record<string, string> = {}) {
  const app = createTestApp({ FANOUT_SECRET, FANOUT_URL: "http://127.0.0.1:9", ...env });
  let tiles = 0;
  const server = serve(async (request) => {
    if (new URL(request.url).pathname !== TILE_PATH) return await app.fetch(request);
    tiles++;
    const meddled = await before?.(request.clone());
    return meddled?.status === 599 || !meddled ? await app.fetch(request) : meddled;
  });
  return { ...server, tiles: () => tiles };
}

/** What `before` answers to let a tile pass. */
const pass = () => new Response(null, { status: 599 });

const coordinator = (workers: readonly string[], env: Record<string, string> = {}) =>
  createTestApp({ FANOUT_SECRET, FANOUT_URL: workers.join(), ...env });

/** 21 x 21 positions, each long enough that others get some. */
const FIELDS = { window: "4", stride: "1", inference: "full" };

async function mapOf(
  app: { fetch: Handler },
  fields: Record<string, string> = FIELDS,
): Promise<RunResult> {
  const response = await app.fetch(post(fields));
  if (!response.ok) throw new Error(await response.text());
  return await response.json();
}

/** All arrays of a result, as bytes. */
const bitsOf = ({ arrays }: RunResult) => arrays;

const expected = mapOf(createTestApp()).then(bitsOf);

/**
 * Expects the one right map of `app`, once and until `isSeen`: the coordinator may be done with a
 * map before a worker has answered.
 */
async function expectTheMap(app: { fetch: Handler }, isSeen: () => boolean) {
  do {
    expect(bitsOf(await mapOf(app))).toEqual(await expected);
  } while (!isSeen());
}

/** Keeps lines from the console, and says whether one has had `text` in it. */
function silenced(level: "warn" | "error", text = "") {
  const said = vi.spyOn(console, level).mockImplementation(() => {});
  return {
    isSeen: () => said.mock.calls.some((call) => call.join().includes(text)),
    [Symbol.dispose]: () => said.mockRestore(),
  };
}

test("the map is the same to the last bit for any number of workers and lanes", async () => {
  await using a = serveWorker();
  await using b = serveWorker();
  await using c = serveWorker();
  for (const workers of [[a], [a, b], [a, b, c]]) {
    for (const FANOUT_LANES of ["1", "3"]) {
      const app = coordinator(workers.map(({ origin }) => origin), { FANOUT_LANES });
      await expectTheMap(app, () => workers.every((worker) => worker.tiles() > 0));
    }
  }
});

test("so it is with incremental inference, whoever has looked at the image before", async () => {
  const fields = { ...FIELDS, inference: "incremental" };
  const alone = bitsOf(await mapOf(createTestApp(), fields));
  await using a = serveWorker();
  await using b = serveWorker();
  for (let time = 0; time < 3; time++) {
    const app = coordinator([a.origin, b.origin]);
    expect(bitsOf(await mapOf(app, fields))).toEqual(alone);
  }
});

test("SmoothGrad is the same to the last bit however its samples are spread", async () => {
  const fields = { window: undefined, stride: undefined, samples: "24", seed: "3" };
  const run = async (app: { fetch: Handler }) => {
    const request = new Request("http://localhost/api/gradient", {
      method: "POST",
      body: form(fields),
    });
    return bitsOf(await (await app.fetch(request)).json());
  };
  let samples = 0;
  const helper = createTestApp({ FANOUT_SECRET, FANOUT_URL: "http://127.0.0.1:9" });
  await using worker = serve((request) => {
    if (new URL(request.url).pathname === "/api/gradient/sample") samples++;
    return helper.fetch(request);
  });
  const [app, alone] = [coordinator([worker.origin]), await run(createTestApp())];
  // On a busy machine the coordinator may be done before the worker was asked.
  do expect(await run(app)).toEqual(alone); while (samples === 0);
});

test("what all items share is sent to a worker once", async () => {
  const sizes: number[] = [];
  await using worker = serveWorker(async (request) => {
    sizes.push((await request.bytes()).length);
    return pass();
  });
  const app = coordinator([worker.origin]);
  // On a busy machine the coordinator may be done before the worker was asked twice.
  while (sizes.length < 4) await mapOf(app);
  const input = 4 * 3 * 24 * 24;
  expect(sizes.filter((size) => size > input)).toHaveLength(1);
});

test("the map comes coarse first", async () => {
  const response = await createTestApp().fetch(
    post({ ...FIELDS, stride: "2" }, { headers: AS_EVENTS }),
  );
  const taken: number[] = [];
  for await (const event of eventsOf(response)) {
    if (event.type === "progress") taken.push(...event.occlusion!.positions);
  }
  // 11 x 11 positions: every fourth row and column, and the last.
  const coarse = [0, 4, 8, 10].flatMap((row) => [0, 4, 8, 10].map((column) => 11 * row + column));
  expect(taken.slice(0, 16).toSorted((x, y) => x - y)).toEqual(coarse);
  expect(taken.toSorted((x, y) => x - y)).toEqual([...Array(121).keys()]);
});

test("without other isolates, no request is sent", async () => {
  await using worker = serveWorker();
  const response = await fetch(post(FIELDS, {}, worker.origin));
  expect(bitsOf(await response.json())).toEqual(await expected);
  expect(worker.tiles()).toBe(0);
});

const busy = () => new Response(null, { status: 503, headers: { [DECLINED_HEADER]: "busy" } });

test.each([
  ["always busy", busy],
  ["behind a load balancer that has none", () => new Response("no", { status: 503 })],
])("where workers are %s, the coordinator makes the map itself", async (_, answer) => {
  using _warned = silenced("warn");
  await using worker = serveWorker(answer);
  await expectTheMap(coordinator([worker.origin]), () => worker.tiles() > 0);
});

const row = (...values: number[]) => Float32Array.from(values);

test.each([
  ["NaN", [row(NaN, 0.2, 1, 0.5, 3)]],
  ["a fractional class", [row(1, 0.2, 1.5, 0.5, 3)]],
  ["a probability of 7", [row(1, 7, 1, 0.5, 3)]],
  ["rows of another width", [row(1, 0.2)]],
  ["no rows", []],
  ["texts", ["1"]],
])("a worker that answers with %s is done without", async (_, rows) => {
  using warned = silenced("warn", "is no result");
  await using worker = serveWorker(async (request) => {
    const { items } = decodeEnvelope(await request.bytes()) as { items: unknown[] };
    return new Response(encodeEnvelope(items.flatMap<unknown>(() => rows)));
  });
  await expectTheMap(coordinator([worker.origin]), warned.isSeen);
});

test("an endless answer is not read to its end", async () => {
  using warned = silenced("warn");
  let sent = 0;
  await using worker = serveWorker(() =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += 2 ** 20;
          controller.enqueue(new Uint8Array(2 ** 20));
        },
      }),
      { status: 500 },
    )
  );
  await expectTheMap(coordinator([worker.origin]), warned.isSeen);
  expect(sent).toBeLessThan(64 * 2 ** 20);
});

test("a worker with another secret is done without", async () => {
  using warned = silenced("warn", "403");
  await using stranger = serveWorker(pass, { FANOUT_SECRET: "another secret of theirs" });
  await expectTheMap(coordinator([stranger.origin]), warned.isSeen);
});

test("a worker with another file of the network never adds to the map", async () => {
  using warned = silenced("warn", "another file");
  const other = createTestApp({ FANOUT_SECRET, FANOUT_URL: "http://127.0.0.1:9" }, 2);
  await using stale = serve((request) => other.fetch(request));
  await expectTheMap(coordinator([stale.origin]), warned.isSeen);
});

/** Answers that no worker of ours gives. */
const NONSENSE: Readonly<Record<string, () => Response>> = {
  "an error": () => new Response("no", { status: 500 }),
  "another page": () => new Response("<h1>Welcome</h1>"),
  "a redirect": () => Response.redirect("http://127.0.0.1:9/"),
  "an answer that breaks off": () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("cut")) })),
};

for (const [name, answer] of Object.entries(NONSENSE)) {
  test(`a worker that answers with ${name} costs time, not the map`, async () => {
    using warned = silenced("warn");
    using _failed = silenced("error");
    let calls = 0;
    await using worker = serveWorker(() => calls++ % 3 === 0 ? answer() : pass());
    await expectTheMap(coordinator([worker.origin]), warned.isSeen);
  });
}

test("a tile that hangs is asked for a second time", async () => {
  let hung = 0;
  const hanging = Promise.withResolvers<Response>();
  await using worker = serveWorker(() => hung++ === 0 ? hanging.promise : pass());
  await expectTheMap(coordinator([worker.origin]), () => hung > 0);
  hanging.resolve(pass());
});

test("a worker process that is killed in the middle costs time, not the map", async () => {
  const FANOUT_URL = "http://127.0.0.1:9";
  const env = { FANOUT_SECRET, FANOUT_URL, BACKEND: "wasm", WORKER_DELAY_MS: "40" };
  await using survivor = await serveProcess(WORKER, env);
  await using victim = await serveProcess(WORKER, env);
  using warned = silenced("warn", victim.origin);
  const app = coordinator([victim.origin, survivor.origin]);
  const response = await app.fetch(post(FIELDS, { headers: AS_EVENTS }));
  let killed = false;
  for await (const event of eventsOf(response)) {
    if (event.type === "progress" && !killed && victim.output().includes("tile")) {
      killed = true;
      await victim.kill();
      expect(event.done).toBeLessThan(event.total);
    }
    if (event.type === "result") expect(bitsOf(event.result)).toEqual(await expected);
    expect(event.type).not.toBe("error");
  }
  expect(killed).toBe(true);
  expect(warned.isSeen()).toBe(true);
});

test("`deno serve --parallel` spreads the tiles of one map over its isolates", async () => {
  const port = freePort();
  const FANOUT_URL = `http://127.0.0.1:${port}`;
  const env = { FANOUT_SECRET, FANOUT_URL, BACKEND: "wasm", DENO_JOBS: "3", FANOUT_LANES: "2" };
  await using server = await serveProcess(WORKER, env, ["--parallel"], port);
  let before = 0;
  const isolates = () => {
    const said = server.output().slice(before);
    before += said.length;
    return [...said.matchAll(/tile (\S+)/g)].map(([, id]) => id);
  };
  const served = {
    fetch: (request: Request) =>
      fetch(request.url.replace("http://localhost", server.origin), request),
  };
  await expectTheMap(served, () => new Set(isolates()).size >= 2);
});

test("a client that goes away while it reads events stops the work", async () => {
  await using worker = serveWorker(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return pass();
  });
  const app = coordinator([worker.origin], { MAX_CLIENT_JOBS: "1" });
  await using front = serve((request) => app.fetch(request));
  const client = new AbortController();
  const request = post(FIELDS, { headers: AS_EVENTS, signal: client.signal }, front.origin);
  const answer = fetch(request).then((response) => response.text());
  await vi.waitUntil(() => worker.tiles() > 1, { timeout: 20_000 });
  client.abort();
  await expect(answer).rejects.toThrow();
  // The place of the job is free again.
  await expect.poll(async () => {
    const next = await fetch(post({ window: "24", stride: "24" }, {}, front.origin));
    await next.bytes();
    return next.status;
  }, { timeout: 20_000 }).toBe(200);
  const tiles = worker.tiles();
  expect(tiles).toBeLessThan(60);
  // Six times as long as a tile takes, no other comes.
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(worker.tiles()).toBe(tiles);
});
