/**
 * A process that takes rebuilds from a queue, as the one that starts a server does, until it is
 * killed: `rebuild_process.ts <queue> <gallery> <site>`.
 *
 * @module
 */
import { RebuildQueue } from "../../functions/rebuild_queue.ts";
import { runRebuilds } from "../start/rebuild_runner.ts";

if (import.meta.main) {
  const [queue, gallery, site] = Deno.args;
  const { signal } = new AbortController();
  await runRebuilds(new RebuildQueue(queue), { gallery, site, signal });
}
