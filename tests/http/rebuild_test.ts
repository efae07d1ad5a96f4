import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { liveSite } from "../../functions/site_files.ts";
import { RebuildQueue } from "../../functions/rebuild_queue.ts";
import { createServices } from "../../functions/services.ts";
import { FigureStore } from "../../scripts/figures/store.ts";
import { runRebuilds } from "../../scripts/start/rebuild_runner.ts";
import type { RebuildJob } from "../../shared/api/mod.ts";
import { checkedApp } from "./checked_app.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

const TOKEN = "a token of the tests";
const CACHE = fileURLToPath(new URL("../../.cache", import.meta.url));

let root: string;
beforeEach(async () => {
  await Deno.mkdir(CACHE, { recursive: true });
  root = await Deno.makeTempDir({ dir: CACHE, prefix: "test-" });
});
afterEach(() => Deno.remove(root, { recursive: true }));

function app(env: Record<string, string> = { REBUILD_TOKEN: TOKEN }) {
  const all: Record<string, string> = {
    SITE: join(root, "dist"),
    REBUILD_FOLDER: join(root, "rebuild"),
    ...env,
  };
  return checkedApp(createApp(createServices(readConfig((name) => all[name]), tinyCatalogue())));
}

const ask = (path: string, init: RequestInit = {}, token = TOKEN) =>
  new Request(`http://localhost${path}`, {
    ...init,
    headers: { ...init.headers, Authorization: `Bearer ${token}` },
  });

const post = (requested?: unknown): RequestInit => ({
  method: "POST",
  ...requested !== undefined && { body: JSON.stringify(requested) },
});

/** Follows a rebuild to its end. */
async function outcome(server: ReturnType<typeof app>, { id }: RebuildJob): Promise<RebuildJob> {
  const init = { headers: { Accept: "application/x-ndjson" } };
  const answer = await server.fetch(ask(`/api/rebuild/${id}`, init));
  const lines = (await answer.text()).trim().split("\n");
  return JSON.parse(lines.at(-1)!);
}

test("without a token there is no such route", async () => {
  const answer = await app({}).fetch(ask("/api/rebuild", post()));
  expect(answer.status).toBe(404);
});

test.each(["", "wrong", `${TOKEN}x`])("the token %j is refused", async (token) => {
  const answer = await app().fetch(ask("/api/rebuild", post(), token));
  expect(answer.status).toBe(401);
  expect((await answer.json()).detail).toContain("Authorization: Bearer");
});

test("what asks for no rebuild is refused, and no name becomes an option", async () => {
  for (const requested of [{ model: "x" }, { models: ["--out x"] }, [1]]) {
    expect((await app().fetch(ask("/api/rebuild", post(requested)))).status).toBe(400);
  }
});

test("a request that is too large is not stored", async () => {
  const large = { models: ["x".repeat(2 ** 16)] };
  expect((await app().fetch(ask("/api/rebuild", post(large)))).status).toBe(413);
  expect((await app().fetch(ask("/api/rebuild", post({ models: ["x".repeat(200)] })))).status)
    .toBe(400);
  expect(await new RebuildQueue(join(root, "rebuild")).list()).toEqual([]);
});

test("a rebuild waits, can be asked for and cancelled, and outlives the server", async () => {
  const answer = await app().fetch(ask("/api/rebuild", post({ sets: ["occlusion"] })));
  expect(answer.status).toBe(202);
  const job: RebuildJob = await answer.json();
  expect(answer.headers.get("Location")).toBe(`/api/rebuild/${job.id}`);
  const later = app();
  const state = await (await later.fetch(ask(`/api/rebuild/${job.id}`))).json();
  expect(state).toMatchObject({ state: "queued", sets: ["occlusion"] });
  await later.fetch(ask(`/api/rebuild/${job.id}`, { method: "DELETE" }));
  const stop = new AbortController();
  const running = runRebuilds(new RebuildQueue(join(root, "rebuild")), { signal: stop.signal });
  expect((await outcome(later, job)).state).toBe("cancelled");
  stop.abort();
  await running;
  expect((await later.fetch(ask("/api/rebuild/../../etc/passwd"))).status).toBe(404);
});

test("a webhook is posted to instead", async () => {
  const posted: unknown[] = [];
  await using hook = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      posted.push(await request.json());
      return new Response(null, { status: 204 });
    },
  );
  const REBUILD_WEBHOOK = `http://127.0.0.1:${hook.addr.port}/build`;
  const server = app({ REBUILD_TOKEN: TOKEN, REBUILD_WEBHOOK });
  const answer = await server.fetch(ask("/api/rebuild", post({ models: ["glyphnet"] })));
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ state: "forwarded" });
  expect(posted).toEqual([{ models: ["glyphnet"] }]);
});

test("a rebuild makes what changed and swaps the site; a failure leaves it", async () => {
  const gallery = join(root, "gallery");
  const site = join(root, "dist");
  const server = app();
  const stop = new AbortController();
  const options = { signal: stop.signal, gallery, site };
  const running = runRebuilds(new RebuildQueue(join(root, "rebuild")), options);
  const rebuild = async (requested: unknown) =>
    await outcome(server, await (await server.fetch(ask("/api/rebuild", post(requested)))).json());
  const page = async (path: string) => (await server.fetch(ask(path))).status;
  const requested = { models: ["glyphnet"], sets: ["occlusion"] };

  expect(await rebuild(requested)).toMatchObject({ state: "done" });
  const store = new FigureStore(gallery);
  const ids = await store.list();
  const first = liveSite(site);
  for (const id of ids) expect(await page(`/f/${id}/`)).toBe(200);

  const stamp = async (id: string) => (await Deno.stat(join(gallery, `${id}.json`))).mtime;
  const [changed, ...others] = ids;
  const before = await Promise.all(others.map(stamp));
  await store.remove(changed);
  expect(await rebuild(requested)).toMatchObject({ state: "done" });
  expect(await store.list()).toEqual(ids);
  expect(await Promise.all(others.map(stamp))).toEqual(before);
  const second = liveSite(site);
  expect(second).not.toBe(first);

  await Deno.writeTextFile(join(gallery, `${"0".repeat(20)}.json`), "no figure");
  const failed = await rebuild(requested);
  expect(failed.state).toBe("failed");
  expect(failed.reason).toMatch(/^Cannot (build the site|make the figures): /);
  expect(liveSite(site)).toBe(second);
  expect(await page(`/f/${changed}/`)).toBe(200);
  stop.abort();
  await running;
});
