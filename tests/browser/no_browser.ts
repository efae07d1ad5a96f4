import { existsSync } from "node:fs";
import { CHROMIUM } from "../../scripts/launch_browser.ts";
import { skipped } from "../skipped.ts";

/** True where there is no browser; prints once why the tests are skipped. */
export const noBrowser = skipped(
  "browser",
  !existsSync(CHROMIUM),
  `the site's tests need a Chromium at ${CHROMIUM}, or CHROMIUM`,
);
