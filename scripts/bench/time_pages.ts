import type { Browser, BrowserContext } from "playwright-core";
import { median } from "../../shared/tensor/stats.ts";

/** How long a page takes to show its largest content, and whether it moves while it loads. */
export interface PageTiming {
  readonly page: string;
  readonly screen: string;
  /** Milliseconds from the request to the largest contentful paint, near and over a slow line. */
  readonly lcpMs: number;
  readonly slowLcpMs: number;
  /** The element that was painted. */
  readonly largest: string;
  /** Cumulative layout shift, the larger of both. */
  readonly shift: number;
}

const PAGES = {
  "home": "/",
  "network": "/networks/glyphnet/",
  "class": "/networks/glyphnet/classes/0/",
  "layer": "/networks/glyphnet/layers/conv3/",
  "unit": "/networks/glyphnet/layers/conv3/7/",
  "try": "/try/",
} as const;
const SCREENS = {
  "desktop": { width: 1280, height: 800 },
  "phone": { width: 390, height: 844 },
} as const;
/** As a phone on a slow mobile line: the setting by which pages are commonly rated. */
const SLOW = { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const SLOW_CPU = 4;

/** Opens pages of the site with an empty cache, `runs` times each. */
export async function timePages(
  browser: Browser,
  origin: string,
  runs: number,
): Promise<PageTiming[]> {
  const timings: PageTiming[] = [];
  for (const [page, path] of Object.entries(PAGES)) {
    for (const [screen, viewport] of Object.entries(SCREENS)) {
      const measure = async (isSlow: boolean) => {
        const context = await browser.newContext({ viewport });
        const paint = await firstPaint(context, origin + path, isSlow);
        await context.close();
        return paint;
      };
      const near = [];
      const slow = [];
      for (let i = 0; i < runs; i++) {
        near.push(await measure(false));
        slow.push(await measure(true));
      }
      timings.push({
        page,
        screen,
        lcpMs: median(near.map(({ lcpMs }) => lcpMs)),
        slowLcpMs: median(slow.map(({ lcpMs }) => lcpMs)),
        largest: slow[0].largest,
        shift: Math.max(...[...near, ...slow].map(({ shift }) => shift)),
      });
    }
  }
  return timings;
}

async function firstPaint(context: BrowserContext, address: string, isSlow: boolean) {
  const page = await context.newPage();
  if (isSlow) {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.emulateNetworkConditions", { offline: false, ...SLOW });
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOW_CPU });
  }
  await page.goto(address, { waitUntil: "networkidle" });
  return await page.evaluate(async () => {
    /** What the browser has noted of a kind until now. */
    const entries = (type: string) =>
      new Promise<PerformanceEntryList>((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()));
        observer.observe({ type, buffered: true });
        setTimeout(resolve, 300, []);
      });
    const paints = await entries("largest-contentful-paint");
    const shifts = await entries("layout-shift");
    const last = paints.at(-1) as PerformanceEntry & { element?: Element };
    const { localName = "", id = "" } = last.element ?? {};
    const name = id || last.element?.getAttribute("class");
    return {
      lcpMs: last.startTime,
      largest: name ? `${localName}.${name}` : localName,
      shift: shifts.reduce(
        (sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value,
        0,
      ),
    };
  });
}
