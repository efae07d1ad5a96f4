/**
 * Visits the workbench twice with one fresh Chromium, has it compute a gradient in the page, and
 * prints how long that took: `visit.ts <origin> <model>`.
 *
 * @module
 */
import type { BrowserContext } from "playwright-core";
import { launchBrowser } from "../../launch_browser.ts";
import type { Visit } from "./visit_page.ts";

async function visit(context: BrowserContext, origin: string, model: string): Promise<number> {
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const started = performance.now();
  await page.goto(`${origin}/try/?method=gradient&network=${encodeURIComponent(model)}`);
  await page.locator("#run:enabled").waitFor();
  await page.check("input[name=where][value=browser]");
  await page.click('[data-sample*="cup"]');
  await page.locator("#plain-result svg").first().waitFor();
  const took = performance.now() - started;
  await page.close();
  return took;
}

if (import.meta.main) {
  const [origin, model] = Deno.args;
  try {
    await using browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 } });
    const pageMs = await visit(context, origin, model);
    const returnMs = await visit(context, origin, model);
    console.log(JSON.stringify({ pageMs, returnMs } satisfies Visit));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
