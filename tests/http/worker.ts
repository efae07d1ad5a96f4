/**
 * The functions with the tiny network, as a process of its own: for tests that kill one. Prints a
 * line for each tile, so that a test sees which isolate had it. WORKER_DELAY_MS makes tiles slow,
 * TINY_WORK the network.
 */
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import { stopOnSignals } from "../../functions/shutdown/signals.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

const config = readConfig(Deno.env.get);
const work = Number(Deno.env.get("TINY_WORK") ?? 0);
const services = createServices(config, tinyCatalogue(1, work));
const app = createApp(services);
stopOnSignals(services.drain, config.STOP_SECONDS);
const isolate = crypto.randomUUID();
const delay = Number(Deno.env.get("WORKER_DELAY_MS") ?? 0);

export default {
  async fetch(request, info) {
    if (new URL(request.url).pathname === "/api/occlusion/tile") {
      console.log(`tile ${isolate}`);
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
    return await app.fetch(request, info);
  },
} satisfies Deno.ServeDefaultExport;
