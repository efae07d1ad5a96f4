/** The decoder in a browser, under the pages' policy, against the one in Deno: the same pixels. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../scripts/launch_browser.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { adobeRgb } from "../color_profiles.ts";
import * as inks from "../ink_jpegs.ts";
import * as others from "../pillow_images.ts";
import { pngChunk, pngFile } from "../png.ts";
import { noBrowser } from "./served_site.ts";
import { deflateSync } from "node:zlib";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Beside the packages of its codecs, whose addresses this bundler leaves as they are. */
const BUNDLE = "/node_modules/bundle.js";
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

const deep = pngFile({
  ...{ width: 3, height: 1, depth: 16, color: 0 },
  rows: Uint8Array.of(0, 0, 9, 4, 0, 15, 255),
});
const profiled = pngFile({
  ...{ width: 3, height: 1, depth: 8, color: 2 },
  rows: Uint8Array.of(0, 10, 200, 30, 250, 3, 90, 40, 50, 60),
  before: [pngChunk("iCCP", Uint8Array.from([110, 0, 0, ...deflateSync(adobeRgb.profile)]))],
});
const files: Readonly<Record<string, Uint8Array>> = {
  ...inks,
  ...others,
  deep,
  profiled,
  cut: inks.cmykPlain.subarray(0, 300),
};

let browser: Browser;
let page: Page;
let server: Deno.HttpServer<Deno.NetAddr>;

beforeAll(async () => {
  if (noBrowser) return;
  const folder = await Deno.makeTempDir();
  const bundled = join(folder, "bundle.js");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--platform=browser", "--output", bundled, "shared/image/decode_image.ts"],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const code = await Deno.readFile(bundled);
  await Deno.remove(folder, { recursive: true });
  server = Deno.serve({ port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/") {
      const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
      return new Response("<!doctype html><title>Decode</title>", {
        headers: { "Content-Type": "text/html", "Content-Security-Policy": policy },
      });
    }
    const type = TYPES[pathname.split(".").at(-1)!];
    if (!type) return new Response("not here", { status: 404 });
    const body = pathname === BUNDLE ? code : await Deno.readFile(join(ROOT, pathname));
    return new Response(body, { headers: { "Content-Type": type } });
  });
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.addr.port}/`);
});

afterAll(async () => {
  await browser?.close();
  await server?.shutdown();
});

/** All that is known of an image, or why it is refused. */
type Outcome = { size: number[]; pixels: number[]; notes: string[] } | { message: string };

async function here(file: Uint8Array): Promise<Outcome> {
  try {
    const { width, height, data, notes } = await decodeImage(file);
    return { size: [width, height], pixels: [...data], notes: [...notes] };
  } catch (error) {
    return { message: (error as Error).message };
  }
}

/** Text, since Vitest would rewrite the import. */
const decodeThere = (file: Uint8Array) =>
  `(async () => {
    const { decodeImage } = await import("${BUNDLE}");
    try {
      const image = await decodeImage(Uint8Array.from([${file}]));
      const { width, height, data, notes } = image;
      return { size: [width, height], pixels: [...data], notes: [...notes] };
    } catch (error) {
      return { message: error.message };
    }
  })()`;

const there = (file: Uint8Array): Promise<Outcome> => page.evaluate(decodeThere(file));

test.skipIf(noBrowser).each(Object.keys(files))(
  "a browser decodes %s as Deno does",
  async (name) => {
    const expected = await here(files[name]);
    expect(await there(files[name])).toEqual(expected);
    expect("message" in expected).toBe(name === "cut");
  },
);
