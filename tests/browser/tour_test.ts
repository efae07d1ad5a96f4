import { expect, test } from "vitest";
import { faults } from "./faults.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { watchComplaints } from "./watch_complaints.ts";

const site = servedSite();

test.skipIf(noBrowser)("each stop that can be run alone runs in the page", async () => {
  const page = await site.browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints = watchComplaints(page);
  await page.goto(`${site.origin}/tour/`);
  await page.locator("#drop").waitFor();
  await page.selectOption("#model", "glyphnet");
  await expect.poll(() => page.locator("#file-name").innerText()).toContain("flamingo");
  const stops = await page.locator(".live").evaluateAll((all) =>
    all.map((stop) => (stop as HTMLElement).dataset.method!)
  );
  expect(stops).toEqual([
    ...["weights", "occlusion", "activations", "gradient", "class-model", "segment", "neuron"],
    ...["inversion", "deep-dream", "adversarial"],
  ]);
  for (const method of stops) {
    const stop = page.locator(`.live[data-method="${method}"]`);
    await stop.locator("[data-options]").last().click();
    await expect.poll(() => stop.locator(".status").innerText(), { timeout: 300_000 })
      .toMatch(/^Done in [\d.]+ s on WASM/);
    expect(await stop.locator(".plain-result :is(img, svg):visible").count(), method)
      .toBeGreaterThan(0);
  }
  expect(await faults(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});

test.skipIf(noBrowser)("a synthesis is seen while it is made, and can be stopped", async () => {
  const page = await site.browser.newPage();
  await page.goto(`${site.origin}/tour/`);
  await page.locator("#drop").waitFor();
  const stop = page.locator('.live[data-method="class-model"]');
  await stop.locator("[data-options]").first().click();
  await stop.locator(".plain-result img").waitFor({ timeout: 120_000 });
  await stop.getByRole("button", { name: "Stop" }).click();
  await expect.poll(() => stop.locator(".status").innerText()).toBe("Stopped.");
  await page.close();
});

test.skipIf(noBrowser)("the matrices of the backward passes follow their numbers", async () => {
  const page = await site.browser.newPage();
  await page.goto(`${site.origin}/tour/`);
  const cell = (rule: string) => page.locator(`[data-rule="${rule}"] td`).first();
  const shown = async () =>
    await Promise.all(["plain", "deconvnet", "guided"].map((rule) => cell(rule).innerText()));
  expect(await shown()).toEqual(["−2", "0", "0"]);
  await page.getByLabel("Gradient g from above, row 1, column 1").fill("7");
  expect(await shown()).toEqual(["7", "7", "7"]);
  await page.getByLabel("Input x, row 1, column 1").fill("-1");
  expect(await shown()).toEqual(["0", "7", "0"]);
  await page.close();
});
