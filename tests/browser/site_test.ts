import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelMirror, photos, skipWithout } from "../data.ts";
import { noisePng } from "../http/requests.ts";
import { freePort } from "../../scripts/start/listening.ts";
import { serveProcess } from "../http/serve_process.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { faults } from "./faults.ts";
import { offered } from "./offered.ts";
import { watchComplaints } from "./watch_complaints.ts";

const WORKER = new URL("../http/worker.ts", import.meta.url);
const MAIN = new URL("../../functions/main.ts", import.meta.url);
/** One page of every type that is there without a gallery. */
const PAGES = [
  "/",
  "/problems/",
  "/nowhere",
  "/tour/",
  "/methods/",
  "/methods/gradient/",
  "/search/",
  "/embed/",
  "/networks/glyphnet/",
];

const site = servedSite(WORKER, {
  BACKEND: "wasm",
  TINY_WORK: "8",
  MAX_BODY_BYTES: "300000",
});
let page: Page;
let complaints: string[];

beforeEach(async () => {
  if (!noBrowser) page = await openPage();
});

afterEach(() => page?.close());

/** A page whose own complaints are kept. */
async function openPage(settings: Parameters<Browser["newPage"]>[0] = {}) {
  const page = await site.browser.newPage(settings);
  complaints = watchComplaints(page, (text) => text.startsWith("Failed to load resource"));
  return page;
}

/** An image of noise as a file of a form. */
const png = (width: number, height = width) => ({
  name: "noise.png",
  mimeType: "image/png",
  buffer: Buffer.from(noisePng(width, height)),
});

async function openTry(page: Page, origin = site.origin): Promise<void> {
  await page.goto(`${origin}/try/`);
  await page.locator("#run:enabled").waitFor();
}

async function setOccluder(page: Page, window: number, stride: number): Promise<void> {
  await page.fill("#option-occlusion-window", `${window}`);
  await page.fill("#option-occlusion-stride", `${stride}`);
}

const done = (page: Page, timeout = 60_000) => page.getByText(/^Done in/).waitFor({ timeout });

/** The pixels of a canvas, RGBA. */
const pixels = (page: Page, id: string) =>
  page.evaluate((id) => {
    const canvas = document.getElementById(id) as HTMLCanvasElement;
    return [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data];
  }, id);

/** How many pixels of a canvas are not transparent. */
const painted = async (page: Page, id: string) =>
  (await pixels(page, id)).filter((value, i) => i % 4 === 3 && value > 0).length;

test.skipIf(noBrowser)("an upload's map fills in, and can be taken away", async () => {
  await openTry(page);
  await page.setInputFiles("#file", png(24));
  await setOccluder(page, 6, 3);
  await page.click("#run");
  await page.waitForFunction(() => document.querySelector("progress")!.value >= 6);
  // Coarse at first: what is not known yet is interpolated, or not painted.
  const early = await pixels(page, "layer");
  expect(early.some((value) => value > 0)).toBe(true);
  await done(page);
  expect(await pixels(page, "layer")).not.toEqual(early);
  expect(await painted(page, "layer")).toBe(24 * 24);
  const names = await page.locator("#files a").allTextContents();
  expect(names).toEqual(expect.arrayContaining(["figure.svg", "attribution.npy", "result.json"]));
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "scores.npy" }).click();
  const bytes = await Deno.readFile(await (await download).path());
  expect(new TextDecoder("latin1").decode(bytes.subarray(1, 6))).toBe("NUMPY");
  await page.getByLabel("Most probable class").check();
  expect(await page.locator("#legend li").count()).toBeGreaterThan(0);
  await page.getByLabel("Activation of a layer").check();
  expect(await page.textContent("#legend")).toMatch(/total activation of \w+, channel \d/);
  expect(await painted(page, "layer")).toBe(24 * 24);
  expect(await page.textContent("#readout")).toMatch(/Activation of \w+: [\d.]+/);
  await page.click("fieldset[data-method=occlusion] summary");
  await page.fill("#option-occlusion-layer", "none");
  await page.click("#run");
  await done(page);
  expect(await page.getByLabel("Activation of a layer").isDisabled()).toBe(true);
  expect(await page.getByLabel("Drop of the score").isChecked()).toBe(true);
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("a job can be cancelled, and the next one runs", async () => {
  await openTry(page);
  await page.setInputFiles("#file", png(24));
  await setOccluder(page, 2, 1);
  await page.click("#run");
  await page.waitForFunction(() => document.querySelector("progress")!.value > 0);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled.").waitFor();
  const tiles = () => site.output().split("tile").length;
  await page.waitForTimeout(500);
  const before = tiles();
  await page.waitForTimeout(500);
  expect(tiles()).toBe(before);
  await setOccluder(page, 24, 24);
  await page.click("#run");
  await done(page);
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("what cannot be used is said in words", async () => {
  await openTry(page);
  const alert = page.getByRole("alert");
  await page.click("#run");
  expect(await alert.textContent()).toContain("No image yet");
  const unreadable: [string, Uint8Array, RegExp][] = [
    ["notes.txt", new TextEncoder().encode("no image at all"), /^notes\.txt: .*JPEG, PNG/],
    ["broken.png", noisePng(24).subarray(0, 120), /^broken\.png: .*PNG/],
  ];
  for (const [name, bytes, words] of unreadable) {
    const buffer = Buffer.from(bytes);
    await page.setInputFiles("#file", { name, mimeType: "image/png", buffer });
    await expect.poll(() => page.textContent("#file-name.fault")).toMatch(words);
  }
  await page.setInputFiles("#file", png(1500));
  await expect.poll(() => alert.textContent(), { timeout: 20_000 })
    .toMatch(/larger than the .* allowed/);
  await page.setInputFiles("#file", png(24));
  await setOccluder(page, 30, 3);
  await page.click("#run");
  await expect.poll(() => alert.textContent(), { timeout: 20_000 })
    .toContain("30 pixels, expected 1 to 24");
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("everything can be done with the keyboard", async () => {
  await openTry(page);
  const tabTo = async (selector: string) => {
    for (let i = 0; i < 60; i++) {
      if (await page.locator(`${selector}:focus`).count()) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`The keyboard does not get to ${selector}`);
  };
  await tabTo('[data-sample*="street"]');
  await page.keyboard.press("Enter");
  await page.locator("#preview:visible").waitFor();
  await tabTo("#target");
  await page.keyboard.type("cat");
  await tabTo("#option-occlusion-window");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("8");
  await tabTo("#option-occlusion-stride");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("8");
  await tabTo("#run");
  await page.keyboard.press("Enter");
  await done(page);
  await tabTo("#map");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  expect(await page.textContent("#readout")).toMatch(/^Row 2, column 2: cat .* %/);
  await page.keyboard.press("End");
  expect(await page.textContent("#readout")).toMatch(/^Row 2, column 3/);
  await tabTo("#opacity");
  await page.keyboard.press("Home");
  expect(await page.locator("#layer").evaluate((canvas) => canvas.style.opacity)).toBe("0");
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("pointing at the map shows what the network saw there", async () => {
  await openTry(page);
  await page.setInputFiles("#file", png(24));
  await setOccluder(page, 6, 6);
  await page.click("#run");
  await done(page);
  const { width } = (await page.locator("#map").boundingBox())!;
  await page.hover("#map", { position: { x: width - 3, y: 3 } });
  expect(await page.textContent("#readout")).toMatch(/^Row 1, column 4/);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test.skipIf(noBrowser)(
      `axe finds nothing, and nothing overflows: ${colorScheme}, ${width}`,
      async () => {
        await page.close();
        page = await openPage({ viewport: { width, height: 800 }, colorScheme });
        const overflow = () =>
          page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth
          );
        // The colours do not depend on the width: each scheme on one of the two.
        const isChecked = (colorScheme === "light") === (width > 400);
        for (const path of isChecked ? PAGES : []) {
          await page.goto(site.origin + path);
          expect(await faults(page)).toEqual([]);
          expect(await overflow()).toBeLessThanOrEqual(0);
        }
        await openTry(page);
        expect(await faults(page)).toEqual([]);
        await page.click("#run");
        await page.getByText("No image yet").waitFor();
        await page.setInputFiles("#file", png(24));
        // On a phone the options are a sheet from below.
        if (width < 400) await page.click("#open-rail");
        await page.click("fieldset[data-method=occlusion] summary");
        expect(await faults(page)).toEqual([]);
        await setOccluder(page, 12, 12);
        await page.click("#run");
        await done(page);
        expect(await faults(page)).toEqual([]);
        expect(await overflow()).toBeLessThanOrEqual(0);
        expect(complaints).toEqual([]);
      },
    );
  }
}

test.skipIf(noBrowser)("without a network the page says how to get one", async () => {
  await page.route("**/api/models", (route) => route.fulfill({ json: [] }));
  await page.goto(`${site.origin}/try/`);
  await page.locator("#no-network:visible").waitFor();
  expect(await page.textContent("#no-network")).toContain("deno task fetch");
  expect(await page.locator("#run").isDisabled()).toBe(true);
});

test.skipIf(noBrowser || skipWithout(modelMirror && photos, "the Try page's real network"))(
  "GoogLeNet looks at a real photo",
  async () => {
    const port = freePort();
    await using real = await serveProcess(
      MAIN,
      {
        MODEL_MIRROR: modelMirror!,
        BACKEND: "wasm",
        DENO_JOBS: "2",
        FANOUT_SECRET: "a secret of the tests",
        FANOUT_URL: `http://127.0.0.1:${port}`,
      },
      ["--parallel"],
      port,
    );
    await openTry(page, real.origin);
    await page.setInputFiles("#file", join(photos!, "parrot.jpg"));
    await page.selectOption("#model", "googlenet-bvlc");
    await setOccluder(page, 64, 32);
    await page.click("#run");
    // Ten seconds alone on two cores; other tests run beside it.
    await done(page, 240_000);
    expect(await page.textContent("#readout")).toMatch(/Most probable: \w+/);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(noBrowser)("a method gives the same in the browser as on the server", async () => {
  await openTry(page);
  await page.setInputFiles("#file", png(24));
  await page.selectOption("#method", "gradient");
  await page.click("#run");
  await done(page);
  const onServer = await offered(page, "gradient.npy");
  await page.locator("#plain-result .figure-panel").first().waitFor();
  const uploads: string[] = [];
  page.on("request", (request) => request.method() === "POST" && uploads.push(request.url()));
  await page.getByLabel("In this browser").check();
  await page.click("#run");
  await page.getByText(/^Done in .* in this browser/).waitFor({ timeout: 60_000 });
  const inBrowser = await offered(page, "gradient.npy");
  expect(uploads).toEqual([]);
  expect(inBrowser.dims).toEqual(onServer.dims);
  const largest = Math.max(...onServer.data as Float32Array);
  // The same WebAssembly in another engine: what differs is the last bit of a sum.
  (inBrowser.data as Float32Array).forEach((value, i) =>
    expect(Math.abs(value - Number(onServer.data[i]))).toBeLessThanOrEqual(1e-4 * largest)
  );
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("every method runs from the form as it stands", async () => {
  await openTry(page);
  await page.setInputFiles("#file", png(24));
  await page.setInputFiles("#guide-style", png(24));
  const ids = await page.locator("#method option").evaluateAll((options) =>
    options.map((option) => (option as HTMLOptionElement).value)
  );
  expect(ids.length).toBeGreaterThan(5);
  // Its window is larger than the tiny network's input; it has tests of its own.
  for (const id of ids.filter((id) => id !== "occlusion")) {
    await page.selectOption("#method", id);
    await page.evaluate(() => {
      document.getElementById("status")!.textContent = "";
      document.getElementById("alert")!.hidden = true;
    });
    await page.click("#run");
    const end = page.locator("#status", { hasText: /^Done in/ }).or(page.locator("#alert:visible"));
    await end.waitFor({ timeout: 60_000 });
    // The tiny network is no transformer.
    const alert = page.locator("#alert");
    if (id === "attention") {
      expect(await alert.innerText()).toMatch(/expected a vision transformer/);
    } else expect(await alert.isVisible(), id).toBe(false);
  }
});

test.skipIf(noBrowser)(
  "a sample is classified at once, and its address brings it back",
  async () => {
    await openTry(page);
    await page.locator("[data-sample]").first().click();
    const bars = page.locator("#top-five button");
    await bars.first().waitFor({ timeout: 60_000 });
    await page.locator("#plain-result svg").first().waitFor({ timeout: 60_000 });
    await page.selectOption("#method", "gradient");
    await done(page);
    const label = await bars.first().locator("span").first().textContent();
    await bars.first().click();
    expect(await page.inputValue("#target")).toContain(label);
    await page.reload();
    await bars.first().waitFor({ timeout: 60_000 });
    expect(await page.inputValue("#method")).toBe("gradient");
    expect(await page.inputValue("#target")).toContain(label);
    await done(page);
    expect(complaints).toEqual([]);
  },
);
