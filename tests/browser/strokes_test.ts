import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseStrokes } from "../../shared/methods/segment/strokes.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { faults } from "./faults.ts";
import { offered } from "./offered.ts";
import { watchComplaints } from "./watch_complaints.ts";

const FIELD = "#option-segment-strokes";
/** Of glyphnet's input. */
const SIDE = 96;

const site = servedSite();
let page: Page;
let complaints: string[];

beforeEach(async () => {
  if (noBrowser) return;
  page = await site.browser.newPage({ viewport: { width: 1280, height: 900 } });
  complaints = watchComplaints(page);
  await page.goto(`${site.origin}/try/?method=segment`);
  await page.locator("#run:enabled").waitFor();
  await page.selectOption("#model", "glyphnet");
  await page.click('[data-sample*="cup"]');
  await page.locator("#stroke-pad").waitFor();
  // The first look is over: nothing moves any more.
  await page.locator("#top-five li").first().waitFor();
});

afterEach(() => page?.close());

/** Where a pixel of the input is on the screen. */
async function onScreen(x: number, y: number): Promise<[number, number]> {
  const { left, top, width, height } = await page.locator("#stroke-canvas")
    .evaluate((canvas) => canvas.getBoundingClientRect());
  return [left + x * width / SIDE, top + y * height / SIDE];
}

/** Draws with the mouse, from pixel to pixel of the input. */
async function draw(...points: readonly (readonly [number, number])[]): Promise<void> {
  await page.locator("#stroke-canvas").scrollIntoViewIfNeeded();
  await page.mouse.move(...await onScreen(...points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) {
    await page.mouse.move(...await onScreen(...point), { steps: 9 });
  }
  await page.mouse.up();
}

/** The cut for each pixel of the input; the mask has the size of the image, which is square. */
async function cut(button: string): Promise<number[]> {
  await page.evaluate(() => document.getElementById("status")!.textContent = "");
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByText(/^Done in/).waitFor({ timeout: 60_000 });
  const { data, dims: [side] } = await offered(page, "mask.npy");
  const at = (pixel: number) => Math.floor((pixel + 0.5) * side / SIDE);
  return Array.from(
    { length: SIDE * SIDE },
    (_, i) => Number(data[at(Math.floor(i / SIDE)) * side + at(i % SIDE)]),
  );
}

test.skipIf(noBrowser)("a stroke that the mouse draws changes the cut", async () => {
  const before = await cut("Run");
  const inside = before.lastIndexOf(1);
  const at = [inside % SIDE, Math.floor(inside / SIDE)] as const;
  const other = before[SIDE + 1] ? [SIDE - 4, 4] as const : [4, 4] as const;
  await page.getByRole("radio", { name: "Background" }).check();
  await page.fill("#brush-size", "2");
  await draw([at[0] + 0.5, at[1] + 0.5], [at[0] - 3, at[1] + 0.5]);
  await page.getByRole("radio", { name: "Object" }).check();
  await draw(other, [other[0], other[1] + 12]);
  const strokes = parseStrokes(await page.inputValue(FIELD));
  expect(strokes.map(({ isForeground, radius }) => [isForeground, radius]))
    .toEqual([[false, 2], [true, 2]]);
  // Drawn straight: what the hand passed on the way says nothing more.
  expect(strokes.map(({ points }) => points.length)).toEqual([2, 2]);
  expect(strokes[1].points[1].y).toBeCloseTo(other[1] + 12, 0);
  expect(await page.textContent("#stroke-state")).toBe("1 of the object, 1 of the background.");
  const after = await cut("Cut again");
  const middle = (other[1] + 6) * SIDE + other[0];
  expect([before[inside], after[inside]]).toEqual([1, 0]);
  expect([before[middle], after[middle]]).toEqual([0, 1]);
  expect(await faults(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)(
  "strokes are undone, cleared, typed, and drawn with the keyboard",
  async () => {
    const drawn = () =>
      page.locator("#stroke-canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const bare = await drawn();
    await draw([20, 20], [40, 20]);
    await draw([20, 60]);
    expect(parseStrokes(await page.inputValue(FIELD))).toHaveLength(2);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(parseStrokes(await page.inputValue(FIELD))).toHaveLength(1);
    await page.getByRole("button", { name: "Clear" }).click();
    expect(await page.inputValue(FIELD)).toBe("");
    await page.mouse.move(0, 0);
    expect(await drawn()).toBe(bare);
    await page.getByRole("button", { name: "Undo" }).click();
    expect(parseStrokes(await page.inputValue(FIELD))).toHaveLength(1);

    await page.fill(FIELD, "-30,40,5");
    expect(await page.textContent("#stroke-state")).toBe("0 of the object, 1 of the background.");
    expect(await drawn()).not.toBe(bare);
    await page.fill(FIELD, "-30,40");
    expect(await page.textContent("#stroke-state")).toContain('Cannot use the stroke "-30,40"');
    expect(await page.locator(FIELD).evaluate((field: HTMLInputElement) => field.checkValidity()))
      .toBe(false);

    await page.fill(FIELD, "");
    await page.fill("#brush-size", "4");
    await page.focus("#stroke-canvas");
    for (const key of ["ArrowLeft", "ArrowUp", "Space"]) await page.keyboard.press(key);
    expect(await page.inputValue(FIELD)).toBe("+46,46,4");
    await page.click('[data-sample*="owl"]');
    await page.waitForFunction(
      (field) => document.querySelector<HTMLInputElement>(field)!.value === "",
      FIELD,
    );
    await page.selectOption("#method", "gradient");
    expect(await page.locator("#stroke-pad").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(noBrowser)("on a phone a finger draws, and nothing overflows", async () => {
  await page.close();
  page = await site.browser.newPage({ viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.goto(`${site.origin}/try/?method=segment`);
  await page.locator("#run:enabled").waitFor();
  await page.click("#open-rail");
  await page.selectOption("#model", "glyphnet");
  await page.tap('[data-sample*="cup"]');
  await page.locator("#stroke-canvas").scrollIntoViewIfNeeded();
  await page.touchscreen.tap(...await onScreen(48, 48));
  expect(parseStrokes(await page.inputValue(FIELD))).toHaveLength(1);
  const overflow = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
  expect(overflow).toBeLessThanOrEqual(0);
  expect(await faults(page)).toEqual([]);
});
