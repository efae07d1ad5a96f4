/** The workbench with a network of one's own: opened from a file, run, compared, copied, gone back to. */
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { convNet } from "../networks.ts";
import { faults } from "./faults.ts";
import { noBrowser, servedSite } from "./served_site.ts";
import { offered } from "./offered.ts";
import { watchComplaints } from "./watch_complaints.ts";

const site = servedSite();
let page: Page;
let complaints: string[];

beforeEach(async () => {
  if (noBrowser) return;
  const context = await site.browser.newContext({
    viewport: { width: 1360, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page = await context.newPage();
  complaints = watchComplaints(page);
  await page.goto(`${site.origin}/try/?method=gradient`);
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

/** Runs what was run before: its new result takes the place of the old one in the strip. */
async function runAgain(count: number): Promise<void> {
  const images = page.locator("#earlier img");
  const before = await images.evaluateAll((all: HTMLImageElement[]) => all.map(({ src }) => src));
  await page.click("#run");
  await page.waitForFunction(
    (known) => !known.includes(document.querySelector<HTMLImageElement>("#earlier img")!.src),
    before,
  );
  await earlier(count);
}

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
  await runAgain(1);
  await page.getByRole("button", { name: /^Pin / }).first().click();
  await page.selectOption("#option-gradient-rule", "guided");
  await earlier(2);
  const text = await page.getByText(/Rank correlation/).textContent();
  const value = Number(/shown: (-?[\d.]+)/.exec(text!)![1]);
  expect(value).toBeGreaterThan(0);
  expect(value).toBeLessThan(1);
  await runAgain(2);
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

test.skipIf(noBrowser)("a channel of the grid is asked for its gradient at a place", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.selectOption("#method", "activations");
  await page.fill("#option-activations-layer", "conv3");
  await page.click('[data-sample*="cup"]');
  await page.locator("#channels").waitFor();
  await earlier(1);
  // The strongest channel at the middle of the image, as the activations themselves say.
  const { dims, data } = await offered(page, "activations.npy");
  const [, channels, height, width] = dims;
  const [row, column] = [Math.floor(height / 2), Math.floor(width / 2)];
  const at = (channel: number) => Number(data[(channel * height + row) * width + column]);
  const strongest = [...Array(channels).keys()].reduce((a, b) => at(b) > at(a) ? b : a);
  const box = (await page.locator("#seen").boundingBox())!;
  await page.click("#seen", { position: { x: box.width / 2 + 1, y: box.height / 2 + 1 } });
  expect(await page.textContent("#unit-name")).toBe(`conv3:${strongest}`);
  expect(await page.textContent("#unit-place")).toContain(`Row ${row}, column ${column}: `);
  // The arrow keys go from there.
  await page.press("#seen", "ArrowDown");
  expect(await page.textContent("#unit-place")).toContain(`Row ${row + 1}, column ${column}: `);
  await page.press("#seen", "ArrowUp");
  expect(await page.textContent("#unit-place")).toContain(`Row ${row}, column ${column}: `);
  expect(await faults(page)).toEqual([]);
  // The gallery knows the unit, and its feature visualization.
  await page.locator("#unit-image").waitFor();
  expect(await page.getAttribute("#unit-link", "href")).toBe(
    `/networks/glyphnet/layers/conv3/${strongest}/`,
  );
  await page.getByRole("button", { name: "Gradient of this unit" }).click();
  await earlier(2);
  await page.getByText(`Gradient: conv3:${strongest}:${row}:${column}`).first().waitFor();
  expect(new URL(page.url()).searchParams.get("unit")).toBe(
    `conv3:${strongest}:${row}:${column}`,
  );
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("what is of one network is not taken to another", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.selectOption("#method", "activations");
  await page.fill("#option-activations-layer", "conv3");
  await page.click('[data-sample*="cup"]');
  await earlier(1);
  await page.locator("#top-five button").first().click();
  await earlier(1);
  expect(await page.inputValue("#target")).toMatch(/^\w+ \(\d+\)$/);
  await page.setInputFiles("#network-files", [
    file("mine.onnx", convNet()),
    file("labels.txt", new TextEncoder().encode("ant\nbee\ncat\ndog\nelk\n")),
  ]);
  await page.getByText("From your file; it stays in this browser.").waitFor();
  await earlier(2);
  expect(await page.inputValue("#target")).toBe("");
  expect(await page.inputValue("#option-activations-layer")).toBe("auto");
  // An earlier result is still of its own network.
  await page.locator("#earlier li").last().locator("button").first().click();
  await page.click("#channels");
  await page.getByText(/^conv3:\d+$/).waitFor();
  await page.getByRole("button", { name: "Gradient of this unit" }).click();
  expect(await page.textContent("#alert-title")).toBe("Another network or image is chosen now");
  await earlier(2);
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("of two images the one that was chosen last is looked at", async () => {
  await page.selectOption("#model", "glyphnet");
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const sample = page.locator('[data-sample*="cup"]');
  await page.route(`**${await sample.getAttribute("data-sample")}`, async (route) => {
    await held;
    await route.continue();
  });
  await sample.click();
  await page.click('[data-sample*="boat"]');
  await earlier(1);
  const name = await page.textContent("#file-name");
  const late = page.waitForResponse((answer) => answer.url().includes("cup"));
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  expect(name).toMatch(/boat/);
  expect(await page.textContent("#file-name")).toBe(name);
  expect(await page.locator("#earlier li").count()).toBe(1);
});

test.skipIf(noBrowser)("a run with previews leaves the images of earlier results", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.check("input[name=where][value=browser]");
  await page.selectOption("#method", "deep-dream");
  await page.click('[data-sample*="cup"]');
  await page.locator("#top-five li").first().waitFor();
  for (const count of [1, 2]) {
    await page.locator("#option-deep-dream-iterations").evaluate(
      (input: HTMLInputElement, value) => input.value = value,
      `${count}`,
    );
    await page.click("#run");
    await earlier(count);
  }
  await page.locator("#earlier li").nth(1).locator("button").first().click();
  const images = page.locator("#plain-result img");
  expect(await images.count()).toBeGreaterThan(0);
  for (const image of await images.all()) {
    expect(
      await image.evaluate(async (image: HTMLImageElement) => {
        await image.decode();
        return image.naturalWidth;
      }),
    ).toBeGreaterThan(0);
  }
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("two maps stand on one colour scale, or in one place", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.click('[data-sample*="cup"]');
  await earlier(1);
  await page.getByRole("button", { name: /^Pin / }).first().click();
  await page.locator("#top-five button").nth(1).click();
  await earlier(2);
  await page.locator("#comparison").waitFor();
  const scales = () => page.locator("#comparison .legend .numbers").allTextContents();
  const [pinned, shown] = await scales();
  expect(pinned).toBe(shown);
  await page.uncheck("#one-scale");
  const [own, other] = await scales();
  expect(own).not.toBe(other);
  await page.check("input[name=compare][value=slider]");
  await page.locator("#compare-slider").fill("30");
  expect(
    await page.locator("#compared-shown").evaluate((canvas) => getComputedStyle(canvas).clipPath),
  ).toBe("inset(0px 0px 0px 30%)");
  // What has another unit has no scale in common.
  await page.selectOption("#method", "cam");
  await earlier(3);
  await page.waitForFunction(() =>
    document.querySelector<HTMLInputElement>("#one-scale")?.disabled === true
  );
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("the camera is looked at live, and its picture is an image", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.selectOption("#method", "activations");
  await page.fill("#option-activations-layer", "conv3");
  await page.click("#camera");
  await page.getByText(/fps\. Every channel of conv3/).waitFor({ timeout: 60_000 });
  const channels = page.locator("#channels");
  const drawn = () => channels.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const first = await drawn();
  await expect.poll(async () => await drawn() !== first, { timeout: 20_000 }).toBe(true);
  await page.locator("#top-five li").first().waitFor();
  const isLive = () =>
    page.locator("video").evaluate((video: HTMLVideoElement) =>
      (video.srcObject as MediaStream).getTracks().some(({ readyState }) => readyState === "live")
    );
  expect(await isLive()).toBe(true);
  await page.click("#camera");
  await earlier(1);
  expect(await isLive()).toBe(false);
  expect(await page.textContent("#file-name")).toBe("camera.png");
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("a layer is found in the list, which names feature maps", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.selectOption("#method", "activations");
  await page.click('[data-picks="option-activations-layer"]');
  const layers = page.locator("#layer-list button");
  const all = await layers.allTextContents();
  expect(all.length).toBeGreaterThan(3);
  // Shapes come once the server has opened the network.
  await page.getByRole("button", { name: "conv1 32 × 24 × 24" }).waitFor();
  await page.fill("#layer-search", "conv3");
  expect((await layers.allTextContents()).every((text) => text.startsWith("conv3"))).toBe(true);
  await layers.first().click();
  expect(await page.inputValue("#option-activations-layer")).toBe("conv3");
  expect(await page.locator("#layer-picker").isVisible()).toBe(false);
});

test.skipIf(noBrowser)(
  "what cannot be read is said at its place, and nothing is lost",
  async () => {
    await page.selectOption("#model", "glyphnet");
    await page.click('[data-sample*="cup"]');
    await earlier(1);
    const heic = new TextEncoder().encode("\0\0\0\x1cftypheic\0\0\0\0heicmif1");
    await page.setInputFiles("#file", {
      name: "me.heic",
      mimeType: "image/heic",
      buffer: Buffer.from(heic),
    });
    await page.locator("#file-name.fault").waitFor();
    expect(await page.textContent("#file-name")).toMatch(/^me\.heic: .*HEIC.*Most Compatible/);
    await runAgain(1);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(noBrowser)("a dear run says what it takes, beside Run", async () => {
  await page.selectOption("#model", "glyphnet");
  await page.selectOption("#method", "integrated-gradients");
  expect(await page.textContent("#cost")).toBe("32 steps");
  await page.click('[data-sample*="cup"]');
  // A pass has been measured.
  await page.waitForFunction(() =>
    /^32 steps, (about|under) \d+ s$/.test(document.querySelector("#cost")!.textContent!)
  );
  await page.fill("#option-integrated-gradients-steps", "64");
  await page.locator("#option-integrated-gradients-steps").blur();
  expect(await page.textContent("#cost")).toMatch(/^64 steps, /);
});

test.skipIf(noBrowser)("on a phone the rail is a sheet, and the stage comes first", async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  const rail = page.locator("#rail");
  await rail.waitFor({ state: "hidden" });
  expect(await page.locator("#run").isVisible()).toBe(true);
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.focus("#open-rail");
  await page.keyboard.press("Enter");
  await rail.waitFor();
  expect(await focused()).toBe("rail");
  await page.keyboard.press("Escape");
  await rail.waitFor({ state: "hidden" });
  expect(await focused()).toBe("open-rail");
  await page.click("#open-rail");
  await rail.waitFor();
  await page.click('[data-sample*="cup"]');
  await rail.waitFor({ state: "hidden" });
  await earlier(1);
  const stage = (await page.locator(".stage").boundingBox())!;
  expect(stage.y).toBeLessThan(200);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

test.skipIf(noBrowser)(
  "positions are compared with the one that is pointed at, at once",
  async () => {
    await page.selectOption("#model", "glyphnet");
    await page.selectOption("#method", "similarity");
    await page.click('[data-sample*="cup"]');
    await earlier(1);
    const image = page.locator("#similar-image");
    await image.waitFor();
    const drawn = () => image.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const readout = () => page.textContent("#similarity-readout");
    await image.hover({ position: { x: 5, y: 5 } });
    const [there, corner] = [await readout(), await drawn()];
    expect(there).toMatch(/^Row 0, column 0/);
    await image.focus();
    await page.keyboard.press("ArrowDown");
    expect(await readout()).toMatch(/^Row 1, column 0/);
    expect(await drawn()).not.toBe(corner);
    expect(complaints).toEqual([]);
  },
);
