/** Where the site is if PUBLIC_SITE_URL does not say: as `deno task start` serves it. */
const LOCAL = new URL("http://127.0.0.1:8000");

/** The whole address of a path. */
export const absolute = (path: string, site: URL = LOCAL) => new URL(path, site).href;
