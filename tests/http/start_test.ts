import { afterEach, beforeEach, expect, test } from "vitest";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AS_EVENTS, eventsOf, form } from "./requests.ts";
import { freePort } from "../../scripts/start/listening.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Milliseconds in which a server is there, or gone, on a slow machine. */
const STARTED = 100_000;

let site: string;

beforeEach(async () => {
  site = await Deno.makeTempDir();
  await Deno.writeTextFile(join(site, "index.html"), "<title>Convscope</title>");
});
afterEach(() => Deno.remove(site, { recursive: true }));

const isThere = (origin: string) =>
  fetch(`${origin}/healthz`).then(async ({ ok, body }) => {
    await body?.cancel();
    return ok;
  }, () => false);

/** `deno task start` at a port of its own, once it answers. */
async function startTask() {
  const port = freePort();
  const task = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: ROOT,
    env: { PORT: `${port}`, SITE: site, BACKEND: "wasm", STOP_SECONDS: "1", MAX_STEPS: "1000000" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(task.stdout).text();
  const complaints = new Response(task.stderr).text();
  const origin = `http://127.0.0.1:${port}`;
  await expect.poll(() => isThere(origin), { timeout: STARTED, interval: 100 }).toBe(true);
  return { task, origin, said, complaints };
}

test("a server that nobody is left to stop ends by itself, and gives its port back", async () => {
  const { task, origin } = await startTask();
  task.kill("SIGKILL");
  await task.status;
  await expect.poll(() => isThere(origin), { timeout: STARTED, interval: 100 }).toBe(false);
});

test("deno task start passes on the signal to stop, and ends when its server has", async () => {
  const { task, origin, said, complaints } = await startTask();
  // 160,000 steps.
  const fields = { model: "glyphnet", steps: "10000", restarts: "16" };
  const body = form({ window: undefined, stride: undefined, ...fields });
  const events = eventsOf(
    await fetch(`${origin}/api/inversion`, { method: "POST", body, headers: AS_EVENTS }),
  );
  while ((await events.next()).value?.type !== "progress");
  task.kill("SIGTERM");
  expect((await Array.fromAsync(events)).at(-1)).toMatchObject({
    type: "error",
    problem: { type: "/problems/#stopping" },
  });
  expect((await task.status).code).toBe(0);
  expect(await said).toContain("Stopping: jobs have 1 s to end");
  expect(await complaints).not.toContain("Error");
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow("fetch failed");
});
