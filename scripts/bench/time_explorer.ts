import type { Browser, CDPSession, Page } from "playwright-core";
import { Buffer } from "node:buffer";
import { explorerData } from "./explorer_data.ts";
import { quantile } from "../../shared/tensor/stats.ts";

/** How smoothly the embedding map follows a hand. */
export interface GestureTiming {
  readonly images: number;
  readonly gesture: string;
  readonly frames: number;
  /** Milliseconds from one frame to the next, by the browser's animation clock. */
  readonly frameMs: { readonly median: number; readonly most95: number };
  /** Milliseconds of scripts for each frame, and of all that the page's thread does. */
  readonly scriptMs: number;
  readonly threadMs: number;
}

const PATH = "/networks/glyphnet/embedding/";
/** Moves of the pointer, or turns of the wheel, in a gesture. */
const MOVES = 120;

type Gesture = (page: Page, middle: { x: number; y: number }) => Promise<void>;

const pan: Gesture = async (page, { x, y }) => {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= MOVES; i++) {
    const turn = 4 * Math.PI * i / MOVES;
    await page.mouse.move(x + 150 * Math.sin(turn), y + 90 * Math.sin(2 * turn));
  }
  await page.mouse.up();
};

const wheel = (delta: number): Gesture => async (page, { x, y }) => {
  await page.mouse.move(x, y);
  for (let i = 0; i < MOVES; i++) await page.mouse.wheel(0, delta);
};

const switchTo = (layout: string): Gesture => async (page) => {
  await page.getByLabel(layout).check();
  await page.waitForTimeout(800);
};

/** In this order; each begins where the one before has ended. */
const GESTURES: readonly (readonly [name: string, gesture: Gesture])[] = [
  ["pan, all in view", pan],
  ["point, all in view", async (page, { x, y }) => {
    for (let i = 0; i < MOVES; i++) await page.mouse.move(x - 200 + 3 * i, y - 60 + i);
  }],
  ["to another layout", switchTo("Grid")],
  ["zoom in, to 10 x", wheel(-10)],
  ["pan, 10 x", pan],
  ["zoom out", wheel(10)],
];

/** Moves and zooms the embedding map with generated images, as a hand would. */
export async function timeExplorer(
  browser: Browser,
  origin: string,
  images: number,
): Promise<GestureTiming[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await serveData(page, images);
  await page.goto(origin + PATH, { waitUntil: "networkidle" });
  const map = page.locator("#embedding-map");
  await map.scrollIntoViewIfNeeded();
  const box = (await map.boundingBox())!;
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const timings: GestureTiming[] = [];
  for (const [gesture, perform] of GESTURES) {
    timings.push({
      images,
      gesture,
      ...await watch(page, devtools, () => perform(page, middle)),
    });
  }
  await page.close();
  return timings;
}

/** Answers in the server's place with generated images. */
async function serveData(page: Page, images: number): Promise<void> {
  const { figure, atlas } = explorerData(images);
  await page.route(
    "**/gallery/*.json",
    (route) => route.fulfill({ contentType: "application/json", body: figure }),
  );
  await page.route(
    "**/gallery/atlas.png",
    (route) => route.fulfill({ contentType: "image/png", body: Buffer.from(atlas) }),
  );
}

/** A page whose frames are noted; by the animation clock, in milliseconds. */
type Watched = typeof globalThis & { frameTimes?: number[] };

async function watch(page: Page, devtools: CDPSession, perform: () => Promise<void>) {
  await page.evaluate(() => {
    const watched = globalThis as Watched;
    const times: number[] = watched.frameTimes = [];
    const note = (time: number) => {
      times.push(time);
      if (watched.frameTimes === times) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  const before = await durations(devtools);
  await perform();
  const after = await durations(devtools);
  const times = await page.evaluate(() => {
    const watched = globalThis as Watched;
    const times = watched.frameTimes!;
    delete watched.frameTimes;
    return times;
  });
  const intervals = times.slice(1).map((time, i) => time - times[i]);
  const perFrame = (name: string) => 1000 * (after[name] - before[name]) / intervals.length;
  return {
    frames: intervals.length,
    frameMs: { median: quantile(intervals, 0.5), most95: quantile(intervals, 0.95) },
    scriptMs: perFrame("ScriptDuration"),
    threadMs: perFrame("TaskDuration"),
  };
}

async function durations(devtools: CDPSession): Promise<Readonly<Record<string, number>>> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}
