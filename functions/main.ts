/** The functions and the site as `deno serve` wants them. */
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { modelCatalogue } from "./catalogue.ts";
import { createServices } from "./services.ts";
import { endWithStdin, stopOnSignals } from "./shutdown/signals.ts";

const config = readConfig(Deno.env.get);
const services = createServices(config, modelCatalogue);
const app = createApp(services);
stopOnSignals(services.drain, config.STOP_SECONDS);
if (Deno.env.get("END_WITH_STDIN")) void endWithStdin();

export default { fetch: app.fetch } satisfies Deno.ServeDefaultExport;
