import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { expect, test } from "vitest";
import { FigureStore } from "../../scripts/figures/store.ts";
import { liveSite } from "../../functions/site_files.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { faults } from "./faults.ts";

const GALLERY = fileURLToPath(new URL("../../site/gallery", import.meta.url));
const SITE = fileURLToPath(new URL("../../site/dist", import.meta.url));
const NETWORK = "/networks/glyphnet/";
const PHOTO_NETWORK = "/networks/googlenet-bvlc/";

/** Bytes of the home page with all that is seen at once. */
const HOME_BUDGET = 300_000;

/** For what is drawn in the next frames. */
const WAIT = { timeout: 20_000 };

const site = servedSite();

/** One page of every type. */
async function pages(): Promise<string[]> {
  const [id] = await new FigureStore(GALLERY).list();
  return [
    "/",
    "/methods/",
    "/methods/class-model/",
    "/search/",
    "/maintain/",
    NETWORK,
    PHOTO_NETWORK,
    `${PHOTO_NETWORK}layers/inception_3b/`,
    `${PHOTO_NETWORK}layers/inception_4c/42/`,
    `${PHOTO_NETWORK}classes/163/`,
    `${NETWORK}layers/conv3/`,
    `${NETWORK}layers/conv3/7/`,
    `${NETWORK}classes/0/`,
    `${NETWORK}attribution/`,
    `${NETWORK}inversion/`,
    `${NETWORK}dreams/`,
    `${NETWORK}embedding/`,
    `/f/${id}/`,
  ];
}

async function open(path: string, settings: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
  const page = await site.browser.newPage(settings);
  const answer = await page.goto(site.origin + path, { waitUntil: "networkidle" });
  expect(answer?.status(), path).toBe(200);
  return page;
}

test.skipIf(noBrowser)("every type of page is accessible, fits, and does not shift", async () => {
  for (const path of await pages()) {
    const page = await open(path, { viewport: { width: 1280, height: 800 } });
    for (const width of [1280, 360]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await faults(page), `${path} at ${width}`).toEqual([]);
      const { overflow, unsized, nameless } = await page.evaluate(() => ({
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        // An image without its size moves what is below it when it arrives.
        unsized: [...document.images].filter((image) => !image.width || !image.height).length,
        nameless: document.title === "" ||
          !document.querySelector("meta[property='og:image']")?.getAttribute("content"),
      }));
      expect({ overflow: Math.max(0, overflow), unsized, nameless }, path)
        .toEqual({ overflow: 0, unsized: 0, nameless: false });
    }
    await page.close();
  }
});

test.skipIf(noBrowser)(
  "a network is a way of layers, and its classes are found by name",
  async () => {
    const page = await open(PHOTO_NETWORK);
    const levels = await page.locator(".levels > li h3").allInnerTexts();
    expect(levels.slice(0, 3)).toEqual(["conv1", "conv2", "inception_3a"]);
    expect(await page.locator(".overview li").count()).toBe(levels.length);
    await page.locator(".overview").getByText("4c").click();
    await expect.poll(() =>
      page.locator("#layer-inception_4c").evaluate((li) => li.getBoundingClientRect().top)
    )
      .toBeLessThan(100);
    // Volcano is none of those that are seen at once.
    const volcano = page.locator("#class-rest .card", { hasText: "volcano" });
    expect(await volcano.isVisible()).toBe(false);
    await page.getByLabel("Find a class").fill("volc");
    expect(await volcano.isVisible()).toBe(true);
    expect(await page.locator("#class-tiles .card:visible").count()).toBe(0);
    expect(await page.locator("#class-count").innerText()).toMatch(/^1 of \d+$/);
    await page.close();
  },
);

test.skipIf(noBrowser)("the home page is light, and works without scripts", async () => {
  const page = await site.browser.newPage({ viewport: { width: 1280, height: 800 } });
  let bytes = 0;
  const sizes: Promise<unknown>[] = [];
  page.on("response", (response) => {
    sizes.push(response.body().then((body) => bytes += body.length, () => {}));
  });
  await page.goto(site.origin, { waitUntil: "networkidle" });
  await Promise.all(sizes);
  // Images that Chromium loads ahead of the fold are counted too: it is stricter than the aim.
  const ahead = await page.evaluate(() =>
    performance.getEntriesByType("resource")
      .filter(({ name }) => /\/gallery\//.test(name))
      .filter(({ name }) => {
        const image = [...document.images].find(({ currentSrc }) => currentSrc === name);
        return image !== undefined && image.getBoundingClientRect().top > innerHeight;
      })
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0)
  );
  expect(bytes - ahead).toBeLessThan(HOME_BUDGET);
  await page.close();

  const plain = await site.browser.newContext({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await still.goto(site.origin);
  await still.getByRole("link", { name: "Glyphnet", exact: true }).click();
  await still.locator(".levels").getByRole("link", { name: "conv3", exact: true }).click();
  expect(await still.textContent("h1")).toBe("conv3");
  await plain.close();
});

test.skipIf(noBrowser)("the arrow keys go to the neighbours", async () => {
  const page = await open(`${NETWORK}layers/conv3/7/`);
  await page.keyboard.press("ArrowRight");
  await page.waitForURL("**/conv3/8/");
  await page.keyboard.press("ArrowLeft");
  await page.waitForURL("**/conv3/7/");
  await page.close();
});

test.skipIf(noBrowser)("search finds classes and units while somebody types", async () => {
  const page = await open("/search/");
  await page.fill("#query", "flaming");
  await page.locator("#results a").first().waitFor();
  expect(await page.textContent("#results a")).toContain("flamingo");
  await page.fill("#query", "conv4:3");
  await page.getByText("unit of").first().waitFor();
  expect(await page.locator("#results a").first().getAttribute("href")).toMatch(/conv4\/3\/$/);
  await page.fill("#query", "no such thing");
  await page.getByText("Nothing is called").waitFor();
  await page.close();
});

test.skipIf(noBrowser)("search finds units by the classes they feed, and methods", async () => {
  const page = await open("/search/?q=golf ball");
  const results = page.locator("#results li", { hasText: "unit of GoogLeNet" });
  await results.first().waitFor();
  const all = await results.allInnerTexts();
  expect(all.every((text) => text.includes("golf ball")), all.join()).toBe(true);
  await results.first().locator("a").click();
  await page.getByRole("heading", { name: "Classes it feeds most" }).waitFor();
  // A scene is cut by its view, so its part is seen as soon as the scene is there.
  expect(await page.locator(".scene image").count()).toBeGreaterThan(0);
  await page.goto(`${site.origin}/search/?q=occlusion`, { waitUntil: "networkidle" });
  expect(await page.locator("#results a").first().getAttribute("href")).toBe("/methods/occlusion/");
  await page.close();
});

test.skipIf(noBrowser)("the embedding map can be moved, enlarged and asked", async () => {
  const page = await open(`${NETWORK}embedding/`);
  const map = page.locator("#embedding-map");
  await map.waitFor();
  const drawn = () => map.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const first = await drawn();
  // Every 97th level: all of them would take long from one process to the other.
  const levels = () =>
    map.evaluate((canvas: HTMLCanvasElement) =>
      [...canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height).data]
        .filter((_, i) => i % 97 === 0)
    );
  const before = await levels();
  /** Mean difference from the map as it was at first, in levels. */
  const change = async () => {
    const after = await levels();
    return before.reduce((sum, level, i) => sum + Math.abs(level - after[i]), 0) / before.length;
  };
  await map.press("ArrowRight");
  await expect.poll(change, WAIT).toBeGreaterThan(1);
  await map.press("ArrowLeft");
  // Moved as one image, it is what it was when each thumbnail was drawn, but for the rounding at
  // their edges: 0.0003 levels were seen.
  await expect.poll(change, WAIT).toBeLessThan(0.01);
  await page.getByLabel("Grid").check();
  let grid = first;
  // The thumbnails go there, and then they rest.
  await expect.poll(async () => {
    const last = grid;
    grid = await drawn();
    return grid !== first && grid === last;
  }, WAIT).toBe(true);
  const { width, height } = (await map.boundingBox())!;
  await map.hover({ position: { x: width / 2, y: height / 2 } });
  expect((await page.textContent("#pointed"))?.trim()).not.toBe("");
  await map.focus();
  await page.keyboard.press("+");
  await expect.poll(drawn, WAIT).not.toBe(grid);
  await page.close();
});

test.skipIf(noBrowser)(
  "the inversion sweep has its curves as charts, without scripts",
  async () => {
    const plain = await site.browser.newContext({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(`${site.origin}${NETWORK}inversion/`);
    for (const name of ["How near the features come", "How far the restarts are apart"]) {
      const chart = page.locator("figure.chart", { has: page.getByRole("img", { name }) });
      const rows = await chart.locator("tbody tr").count();
      expect(rows).toBeGreaterThan(10);
      const lines = await chart.locator(".keys li").count();
      expect(await chart.locator("svg[role=img] .marker").count()).toBe(rows * lines);
      expect(await chart.locator("svg[role=img] .axis").first().textContent()).toContain("in %");
    }
    await plain.close();
  },
);

test("no link leads nowhere", async () => {
  const root = liveSite(SITE);
  const files = new Set<string>();
  const visit = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(join(root, folder))) {
      const path = `${folder}/${name}`;
      if (isDirectory) await visit(path);
      else files.add(path);
    }
  };
  await visit("");
  const SERVED = ["/api/"];
  const broken = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".html")) continue;
    const html = await Deno.readTextFile(join(root, file));
    for (const [, url] of html.matchAll(/(?:href|src)="(\/[^"#?]*)/g)) {
      const path = decodeURIComponent(url);
      const target = path.endsWith("/") ? `${path}index.html` : path;
      if (!files.has(target) && !SERVED.some((start) => path.startsWith(start))) {
        broken.add(`${file}: ${url}`);
      }
    }
  }
  expect([...broken]).toEqual([]);
});
