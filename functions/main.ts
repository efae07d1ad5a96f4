/** The functions and the site as `deno serve` wants them. */
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { modelCatalogue } from "./model_catalogue.ts";
import { createServices } from "./services.ts";
import { stopOnSignals } from "./shutdown/stop_on_signals.ts";

const config = readConfig(Deno.env.get);
const services = createServices(config, modelCatalogue);
const app = createApp(services);
stopOnSignals(services.drain, config.STOP_SECONDS);

export default { fetch: app.fetch } satisfies Deno.ServeDefaultExport;
