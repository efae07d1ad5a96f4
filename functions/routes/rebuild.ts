import { type Context, Hono } from "hono";
import { FINAL_STATES, type RebuildJob, type RebuildRequest } from "../../shared/api/mod.ts";
import { rebuildRequestSchema } from "../../shared/api/schemas/mod.ts";
import { log } from "../log.ts";
import { ProblemError } from "../problems.ts";
import { readBody } from "../read_body.ts";
import { RebuildQueue } from "../rebuild_queue.ts";

/** Milliseconds between two looks at a rebuild whose progress is followed. */
const LOOK_EVERY = 250;

/** A hundred names of networks and of sets take less. */
const WISH_LIMITS = { MAX_BODY_BYTES: 2 ** 16, UPLOAD_SECONDS: 30, STALL_SECONDS: 10 };

export interface RebuildSettings {
  readonly token: string;
  readonly folder: string;
  /** A site's own pipeline, where the platform has no disk to build on. */
  readonly webhook?: string;
  /** Ends what follows a rebuild. */
  readonly stopping: AbortSignal;
}

/** `/api/rebuild`: queues rebuilds, says how far they are, and cancels them. */
export function rebuildRoutes({ token, folder, webhook, stopping }: RebuildSettings): Hono {
  const queue = new RebuildQueue(folder);
  const routes = new Hono();

  routes.use(async (c, next) => {
    if (await isToken(c.req.header("Authorization"), token)) return await next();
    throw new ProblemError("unauthorized", 'Give the token, as "Authorization: Bearer <token>"');
  });

  routes.post("/", async (c) => {
    const requested = await readRequest(c);
    if (webhook !== undefined) {
      await forward(webhook, requested);
      return c.json({ state: "forwarded" }, 202, { "Cache-Control": "no-store" });
    }
    const job = await queue.add(requested);
    log("info", "rebuild queued", { id: job.id });
    return c.json(job, 202, { Location: `/api/rebuild/${job.id}`, "Cache-Control": "no-store" });
  });

  routes.get("/", async (c) => c.json(await queue.list(), 200, { "Cache-Control": "no-store" }));

  routes.get("/:id", async (c) => {
    const job = await find(queue, c.req.param("id"));
    if (c.req.header("Accept")?.includes("application/x-ndjson")) {
      return follow(queue, job, stopping);
    }
    return c.json(job, 200, { "Cache-Control": "no-store" });
  });

  routes.delete("/:id", async (c) => {
    const job = await find(queue, c.req.param("id"));
    if (!FINAL_STATES.includes(job.state)) await queue.cancel(job);
    return c.json(job, 202, { "Cache-Control": "no-store" });
  });

  return routes;
}

async function find(queue: RebuildQueue, id: string): Promise<RebuildJob> {
  const job = await queue.read(id);
  if (job) return job;
  throw new ProblemError("not-found", `There is no rebuild "${id}"`);
}

async function readRequest(c: Context): Promise<RebuildRequest> {
  const text = new TextDecoder().decode(await readBody(c.req.raw, WISH_LIMITS));
  try {
    return rebuildRequestSchema.parse(text === "" ? {} : JSON.parse(text));
  } catch (cause) {
    throw new ProblemError(
      "bad-request",
      'The body is not {"models": [ids], "sets": [ids]}, both optional, or empty',
      { cause },
    );
  }
}

async function forward(webhook: string, requested: RebuildRequest): Promise<void> {
  const response = await fetch(webhook, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(requested),
    signal: AbortSignal.timeout(30_000),
  }).catch((cause) => {
    throw new ProblemError("upstream", "The site's pipeline does not answer", { cause });
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw new ProblemError("upstream", `The site's pipeline answered ${response.status}`);
}

/** The rebuild as NDJSON, a line whenever it has changed, until it or the server has ended. */
function follow(queue: RebuildQueue, first: RebuildJob, stopping: AbortSignal): Response {
  const encoder = new TextEncoder();
  let isGone = false;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      let job: RebuildJob | undefined = first;
      let said = "";
      while (job && !isGone && !stopping.aborted) {
        const line = JSON.stringify(job);
        if (line !== said) controller.enqueue(encoder.encode(`${line}\n`));
        said = line;
        if (FINAL_STATES.includes(job.state)) break;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
        job = await queue.read(first.id);
      }
      if (!isGone) controller.close();
    },
    cancel() {
      isGone = true;
    },
  });
  return new Response(body, {
    headers: { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" },
  });
}

/**
 * Whether an Authorization header carries the token; takes as long whatever is wrong with it.
 *
 * @param header "Bearer <token>".
 */
export async function isToken(header: string | undefined, token: string): Promise<boolean> {
  const given = header?.replace(/^Bearer /i, "") ?? "";
  // Digests are of one length, so that neither the length nor the beginning of the token shows.
  const [a, b] = await Promise.all([digest(given), digest(token)]);
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
