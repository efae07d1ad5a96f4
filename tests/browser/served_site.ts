import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { CHROMIUM, launchBrowser } from "../../scripts/launch_browser.ts";
import { freshSite } from "../../scripts/start/fresh_site.ts";
import { type ServeProcess, serveProcess } from "../http/serve_process.ts";
import { existsSync } from "node:fs";
import { skipped } from "../skipped.ts";

const MAIN = new URL("../../functions/main.ts", import.meta.url);

/** Milliseconds: the first file that is run builds the site, which takes a minute here. */
const BUILT = 900_000;

/** A browser, and the site with its functions in a process of their own. */
export interface ServedSite {
  readonly browser: Browser;
  readonly origin: string;
  /** What the process has written so far. */
  output(): string;
}

/**
 * Serves the site, built anew if it has to be, to all tests of a file. Where there is no browser,
 * there is nothing.
 *
 * @param module What serves. @default the functions as they are deployed
 * @param settings Its environment.
 */
export function servedSite(
  module: URL = MAIN,
  settings: Readonly<Record<string, string>> = { BACKEND: "wasm" },
): ServedSite {
  let browser: Browser;
  let server: ServeProcess;
  beforeAll(async () => {
    if (noBrowser) return;
    await freshSite();
    browser = await launchBrowser();
    server = await serveProcess(module, settings);
  }, BUILT);
  afterAll(async () => {
    await browser?.close();
    await server?.kill();
  });
  return {
    get browser() {
      return browser;
    },
    get origin() {
      return server.origin;
    },
    output: () => server.output(),
  };
}

/** True where there is no browser; prints once why the tests are skipped. */
export const noBrowser = skipped(
  "browser",
  !existsSync(CHROMIUM),
  `the site's tests need a Chromium at ${CHROMIUM}, or CHROMIUM`,
);
