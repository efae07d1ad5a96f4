/** The workbench with a network of one's own: opened from a file, run, compared, copied, gone back to. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchBrowser } from "../../scripts/launch_browser.ts";
import { freshSite } from "../../scripts/start/fresh_site.ts";
import { type ServeProcess, serveProcess } from "../http/serve_process.ts";
import { convNet } from "../networks.ts";
import { noBrowser } from "./no_browser.ts";
import { watchComplaints } from "./watch_complaints.ts";

const MAIN = new URL("../../functions/main.ts", import.meta.url);

let browser: Browser;
let server: ServeProcess;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (noBrowser) return;
  await freshSite();
  browser = await launchBrowser();
  server = await serveProcess(MAIN, { BACKEND: "wasm" });
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

beforeEach(async () => {
  if (noBrowser) return;
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  complaints = watchComplaints(page);
  await page.goto(`${server.origin}/try/?method=gradient`);
  await page.locator("#run:enabled").waitFor();
});

afterEach(() => page?.context().close());

const file = (name: string, bytes: Uint8Array) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(bytes),
});

/** How many results there are in the strip. */
const earlier = (count: number) =>
  page.waitForFunction(
    (expected) => document.querySelectorAll("#earlier li").length === expected,
    count,
  );

test.skipIf(noBrowser)("a network from a file runs in the page, with its labels", async () => {
  const labels = new TextEncoder().encode("ant\nbee\ncat\ndog\nelk\n");
  await page.setInputFiles("#network-files", [
    file("mine.onnx", convNet()),
    file("labels.txt", labels),
  ]);
  await page.getByText("From your file; it stays in this browser.").waitFor();
  expect(
    await page.locator("#model").evaluate((select: HTMLSelectElement) =>
      select.selectedOptions[0].text
    ),
  ).toBe("mine");
  expect(await page.locator('input[value="server"]').isDisabled()).toBe(true);
  await page.click('[data-sample*="cup"]');
  const first = page.locator("#top-five li").first();
  await first.waitFor();
  expect(await first.textContent()).toMatch(/^(ant|bee|cat|dog|elk)\d/);
  await earlier(1);
  // What nobody says of the file is asked; another answer is another input.
  await page.locator("#network-questions select").first().selectOption({ index: 2 });
  await earlier(2);
  await page.click("#copy-command");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^deno task cli gradient --image models\/glyphnet\/samples\/cup\.png --model mine.onnx$/,
  );
  await page.click("#forget-networks");
  await page.waitForFunction(() =>
    ![...document.querySelectorAll("#model option")].some((option) => option.textContent === "mine")
  );
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("a file that is no network is said to be none, at its place", async () => {
  await page.setInputFiles("#network-files", [
    file("page.onnx", new TextEncoder().encode("<html>")),
  ]);
  const status = page.locator("#network-status.fault");
  await status.waitFor();
  expect(await status.textContent()).toMatch(/^Cannot open page\.onnx: /);
  expect(await page.locator("#run").isEnabled()).toBe(true);
});

test.skipIf(noBrowser)("a pinned map is compared, and back is what was run before", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.click('[data-sample*="cup"]');
  await earlier(1);
  await page.click("#run");
  await earlier(2);
  await page.getByRole("button", { name: /^Pin / }).first().click();
  await page.selectOption("#option-gradient-rule", "guided");
  await earlier(3);
  const text = await page.getByText(/Rank correlation/).textContent();
  const value = Number(/shown: (-?[\d.]+)/.exec(text!)![1]);
  expect(value).toBeGreaterThan(0);
  expect(value).toBeLessThan(1);
  await page.click("#run");
  await earlier(4);
  await page.click("#copy-curl");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^curl -F image=@models\/glyphnet\/samples\/cup\.png --form-string model=glyphnet --form-string rule=guided \S+\/api\/gradient$/,
  );
  await page.goBack();
  await page.waitForFunction(() =>
    document.querySelector<HTMLSelectElement>("#option-gradient-rule")?.value === "plain"
  );
  await page.locator("#top-five li").first().waitFor();
  expect(complaints).toEqual([]);
});
