/** The functions and the site as `deno serve` wants them. */
import { createApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { modelCatalogue } from "./model_catalogue.ts";
import { createServices } from "./services.ts";

const app = createApp(createServices(readConfig(Deno.env.get), modelCatalogue));

export default { fetch: app.fetch } satisfies Deno.ServeDefaultExport;
