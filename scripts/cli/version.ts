import configuration from "../../deno.json" with { type: "json" };

/** Version of Convscope. */
export const version: string = configuration.version;
