import { expect, test } from "vitest";
import type { RunEvent } from "../../shared/api/mod.ts";
import { AS_EVENTS, eventsOf, form, post } from "./requests.ts";
import { type ServeProcess, serveProcess } from "./serve_process.ts";

const WORKER = new URL("./worker.ts", import.meta.url);

/** Time for what is not the subject: starts, connections, a busy machine. Far from any limit. */
const SLACK_MS = 20_000;

/** Two isolates with a network that takes some 50 ms a position. */
const serve = (env: Record<string, string> = {}) =>
  serveProcess(WORKER, {
    BACKEND: "wasm",
    SITE: "/nowhere",
    DENO_JOBS: "2",
    MAX_STEPS: "1000000",
    TINY_WORK: "20",
    ...env,
  }, ["--parallel"]);

/** Starts a job, and waits until it has made its first step. */
async function startJob({ origin }: ServeProcess) {
  const events = eventsOf(
    await fetch(
      post({ window: "10", stride: "2", inference: "full" }, { headers: AS_EVENTS }, origin),
    ),
  );
  while ((await events.next()).value?.type !== "progress");
  return async function lastEvent(): Promise<RunEvent> {
    let last: RunEvent | undefined;
    for await (const event of events) last = event;
    return last!;
  };
}

/** A job of 160,000 steps. */
const longJob = ({ origin }: ServeProcess, headers: HeadersInit) => {
  const fields = { window: undefined, stride: undefined, steps: "10000", restarts: "16" };
  return new Request(`${origin}/api/inversion`, { method: "POST", body: form(fields), headers });
};

const logged = (process: ServeProcess, message: string) =>
  process.output().split("\n").filter((line) => line.includes(`"message":"${message}"`));

test("a server that is told to stop ends at once if nothing runs", async () => {
  await using server = await serve();
  const told = performance.now();
  server.send("SIGTERM");
  expect(await server.status).toBe(0);
  expect(performance.now() - told).toBeLessThan(SLACK_MS);
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "after %s the job that runs ends, and nothing new is taken",
  async (signal) => {
    await using server = await serve({ STOP_SECONDS: "60" });
    const lastEvent = await startJob(server);
    server.send(signal);
    await expect.poll(() => logged(server, "stopping").length).toBe(2);
    await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow("fetch failed");
    expect(await lastEvent()).toMatchObject({ type: "result", result: { method: "occlusion" } });
    expect(await server.status).toBe(0);
    expect(logged(server, "jobs are broken off")).toEqual([]);
    expect(logged(server, "tile failed")).toEqual([]);
  },
);

test("a job that takes longer than the server waits is told so, and the server ends", async () => {
  await using server = await serve({ STOP_SECONDS: "1" });
  const asJson = fetch(longJob(server, {}));
  const events = eventsOf(await fetch(longJob(server, AS_EVENTS)));
  while ((await events.next()).value?.type !== "progress");
  const told = performance.now();
  server.send("SIGTERM");
  const all = await Array.fromAsync(events);
  expect(all.at(-1)).toMatchObject({ type: "error", problem: { type: "/problems/#stopping" } });
  expect(all.filter(({ type }) => type !== "progress")).toHaveLength(1);
  const answer = await asJson;
  // The status was sent before the job was broken off.
  expect(await answer.json()).toMatchObject({
    status: 503,
    retryAfter: 5,
    detail: expect.stringContaining("waits 1 s"),
  });
  expect(await server.status).toBe(0);
  expect(performance.now() - told).toBeGreaterThan(1000);
  expect(performance.now() - told).toBeLessThan(1000 + SLACK_MS);
});

test("a second signal ends the server at once", async () => {
  await using server = await serve({ STOP_SECONDS: "60" });
  const events = await fetch(longJob(server, AS_EVENTS));
  server.send("SIGTERM");
  await expect.poll(() => logged(server, "stopping").length).toBe(2);
  const told = performance.now();
  server.send("SIGTERM");
  expect(await server.status).toBe(143);
  expect(performance.now() - told).toBeLessThan(SLACK_MS);
  await expect(Array.fromAsync(eventsOf(events))).rejects.toThrow();
});
