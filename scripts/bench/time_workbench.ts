import type { Browser, Page } from "playwright-core";
import { median } from "../../shared/tensor/stats.ts";

/** How fast the workbench answers, once a network has been opened. */
export interface WorkbenchTiming {
  readonly network: string;
  /** Where it computes. */
  readonly where: "server" | "browser";
  /** Milliseconds from choosing an image to the five most probable classes. */
  readonly topFiveMs: number;
  /** Milliseconds from choosing an image to the first map, a gradient. */
  readonly mapMs: number;
  /** Milliseconds from Run to the occlusion map at its defaults, 32 pixels in steps of 16. */
  readonly occlusionMs: number;
}

const PLACES = ["server", "browser"] as const;
const SAMPLES = ["cup", "boat", "guitar"] as const;
/** Maps of the largest networks take so long on a busy machine. */
const timeout = 300_000;

/** Chooses images for every network that the page lists, here and there. */
export async function timeWorkbench(browser: Browser, origin: string): Promise<WorkbenchTiming[]> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  page.setDefaultTimeout(timeout);
  await page.goto(`${origin}/try/?method=occlusion`);
  await page.locator("#run:enabled").waitFor();
  const networks = await page.locator("#model option").evaluateAll((options) =>
    options.map((option) => (option as HTMLOptionElement).value)
  );
  const timings: WorkbenchTiming[] = [];
  for (const network of networks) {
    for (const where of PLACES) timings.push(await timeNetwork(page, origin, network, where));
  }
  await page.close();
  return timings;
}

async function timeNetwork(
  page: Page,
  origin: string,
  network: string,
  where: typeof PLACES[number],
): Promise<WorkbenchTiming> {
  await page.goto(`${origin}/try/?method=occlusion&network=${encodeURIComponent(network)}`);
  await page.locator("#run:enabled").waitFor();
  await page.check(`input[name=where][value=${where}]`);
  // The first image opens the network.
  const [, ...looks] = await inTurn(SAMPLES, (sample) => timeLook(page, sample));
  const occlusionMs = await timeRun(page);
  return {
    network,
    where,
    topFiveMs: median(looks.map(({ topFiveMs }) => topFiveMs)),
    mapMs: median(looks.map(({ mapMs }) => mapMs)),
    occlusionMs,
  };
}

async function inTurn<Item, Result>(
  items: readonly Item[],
  make: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await make(item));
  return results;
}

/** Measured in the page, from the click to the frame that shows it. */
async function timeLook(page: Page, sample: string) {
  const times = await page.evaluate(async (sample) => {
    for (const old of document.querySelectorAll("#plain-result svg")) old.classList.add("old");
    const started = performance.now();
    document.querySelector<HTMLElement>(`[data-sample*="${sample}"]`)!.click();
    const until = async (isThere: () => boolean) => {
      do await new Promise(requestAnimationFrame); while (!isThere());
      return performance.now() - started;
    };
    // The classes of the image before go when the new one is there.
    const bars = document.querySelector<HTMLElement>("#top-five")!;
    if (bars.hidden === false) await until(() => bars.hidden !== false);
    const topFiveMs = await until(() => bars.hidden === false);
    const mapMs = await until(() => document.querySelector("#plain-result svg:not(.old)") !== null);
    return { topFiveMs, mapMs };
  }, sample);
  // The pass that tells what a run costs.
  await page.waitForFunction(() =>
    /about|under/.test(document.querySelector("#cost")!.textContent!)
  );
  await page.waitForTimeout(500);
  return times;
}

async function timeRun(page: Page): Promise<number> {
  const started = performance.now();
  await page.click("#run");
  await page.getByText(/^Done in/).waitFor();
  return performance.now() - started;
}
