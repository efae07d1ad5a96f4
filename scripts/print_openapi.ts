/** Prints the OpenAPI 3.1 description of the functions, with the limits that the environment says. */
import { readConfig } from "../functions/config.ts";
import { loadMethods } from "../functions/routes/methods.ts";
import { openApi } from "../functions/openapi.ts";

const config = readConfig(Deno.env.get);
console.log(JSON.stringify(openApi(await loadMethods(), config), null, 2));
