import { existsSync } from "node:fs";
import { CHROMIUM } from "../../scripts/launch_browser.ts";

/** True where there is no browser; prints once why the tests are skipped. */
export const noBrowser = !existsSync(CHROMIUM);
if (noBrowser) console.log(`skipped: the site's tests need a Chromium at ${CHROMIUM}, or CHROMIUM`);
