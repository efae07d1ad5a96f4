import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds wrong with the page as it stands. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    // Of what is right, a page with a thousand cells has a thousand descriptions.
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] })
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
