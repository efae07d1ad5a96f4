import { existsSync } from "node:fs";
import type { Browser } from "playwright-core";

const CHROMIUM = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

/** True where there is no browser; prints once why the tests are skipped. */
export const noBrowser = !existsSync(CHROMIUM);
if (noBrowser) console.log(`skipped: the site's tests need a Chromium at ${CHROMIUM}, or CHROMIUM`);

export async function launchBrowser(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A camera that shows a pattern, and a person who allows it.
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
    ],
  });
}
