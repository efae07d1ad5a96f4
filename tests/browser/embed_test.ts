import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { faults } from "./faults.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { watchComplaints } from "./watch_complaints.ts";

const site = servedSite();
let page: Page;
let complaints: string[];
beforeEach(async () => {
  if (noBrowser) return;
  page = await site.browser.newPage();
  // What is blocked by the policy would be a complaint.
  complaints = watchComplaints(page, (text) => text.includes("status of 404"));
  await page.goto(`${site.origin}/embed/`);
});
afterEach(() => page?.close());

test.skipIf(noBrowser)("the element runs a method where the page's policy is strict", async () => {
  await page.getByRole("button", { name: /Run Grad-CAM/ }).click();
  const map = page.locator("#live-map").getByRole("img", { name: /owl/i });
  await map.waitFor({ timeout: 60_000 });
  expect(await map.locator("svg.figure-panel").count()).toBeGreaterThan(0);
  expect(await faults(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

/** Sets attributes of a new element, and returns what it sends first, and the text it shows. */
const show = (attributes: Record<string, string>) =>
  page.evaluate(async (attributes) => {
    const map = document.createElement("convscope-map");
    for (const [name, value] of Object.entries(attributes)) map.setAttribute(name, value);
    const sent = new Promise<string>((resolve) => {
      map.addEventListener("result", () => resolve("result"));
      map.addEventListener("error", () => resolve("error"));
    });
    document.querySelector("main")!.append(map);
    const type = await sent;
    return { type, text: map.shadowRoot!.textContent ?? "" };
  }, attributes);

/** A document as a data URL. */
const documentUrl = (value: unknown) =>
  `data:application/json,${encodeURIComponent(JSON.stringify(value))}`;

const panel = { id: "a", title: "Its panel", text: "", width: 4, height: 3, layers: [] };
const figure = { title: "A <b>title</b>", caption: "Its caption", panels: [panel] };

test.skipIf(noBrowser)(
  "a document is shown, its texts as texts, and themed by variables",
  async () => {
    const { type, text } = await show({ src: documentUrl(figure), label: "A map of nothing" });
    expect([type, text]).toEqual(["result", expect.stringContaining("A <b>title</b>")]);
    const image = page.getByRole("img", { name: "A map of nothing" });
    const color = () =>
      image.locator(".figure-text").first().evaluate((e) => getComputedStyle(e).fill);
    expect(await color()).not.toBe("rgb(1, 2, 3)");
    await page.evaluate(() =>
      document.querySelector<HTMLElement>("main > convscope-map")!.style
        .setProperty("--convscope-ink", "rgb(1, 2, 3)")
    );
    expect(await color()).toBe("rgb(1, 2, 3)");
  },
);

test.skipIf(noBrowser)("one of several figures is shown by its name", async () => {
  const src = documentUrl({ figures: { one: { ...figure, title: "One" }, two: figure } });
  expect((await show({ src })).text).toContain("One");
  expect((await show({ src, figure: "two" })).text).toContain("A <b>title</b>");
  expect(await show({ src, figure: "six" }))
    .toEqual({ type: "error", text: 'Cannot show the figure "six": there are "one", "two"' });
});

test.skipIf(noBrowser).each([
  [{ src: "/nowhere.json" }, /Cannot read the figure .*404/],
  [{ src: documentUrl([]) }, /no figure document, expected/],
  [{ method: "cam" }, /needs a network, the attribute "model"/],
  [{ method: "cam", model: "/nowhere.onnx" }, /Cannot read .*404/],
])("what cannot be shown is said: %j", async (attributes, message) => {
  const { type, text } = await show(attributes as Record<string, string>);
  expect([type, text]).toEqual(["error", expect.stringMatching(message)]);
});

test.skipIf(noBrowser)(
  "the library's reference is searched where the policy is strict",
  async () => {
    await page.goto(`${site.origin}/docs/`);
    await page.locator("#searchbar").fill("differentiate");
    await page.getByRole("link", { name: /differentiate/ }).first().click();
    await page.getByText("Writes the backward pass").first().waitFor();
    expect(complaints).toEqual([]);
  },
);
