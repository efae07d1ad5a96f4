import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

let folder: string;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  folder = await Deno.makeTempDir();
  const SITE = join(folder, "dist");
  await Deno.mkdir(join(SITE, "_astro"), { recursive: true });
  await Deno.mkdir(join(SITE, "try"));
  const files = {
    "index.html": "<p>home",
    "404.html": "<p>nothing here",
    "try/index.html": "<p>try",
    "_astro/page.abc.css": "p{}",
    "search.json": JSON.stringify(Array(500).fill("conv1")),
    "_astro/run.abc.wasm": "\0asm".repeat(500),
  };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(SITE, name), text);
  }
  await Deno.writeTextFile(join(folder, "secret.txt"), "a secret");
  const env: Record<string, string> = { SITE };
  app = createApp(createServices(readConfig((name) => env[name]), tinyCatalogue()));
});

afterAll(() => Deno.remove(folder, { recursive: true }));

const get = (path: string, init: RequestInit = {}) =>
  app.fetch(new Request(`http://localhost${path}`, init));

test("pages are served, and asked for again each time", async () => {
  for (const [path, text] of [["/", "<p>home"], ["/try/", "<p>try"]]) {
    const response = await get(path);
    expect(await response.text()).toBe(text);
    expect(response.headers.get("Content-Type")).toMatch(/^text\/html/);
    expect(response.headers.get("Cache-Control")).toBe("no-cache");
    const headers = { "If-None-Match": response.headers.get("ETag")! };
    expect((await get(path, { headers })).status).toBe(304);
  }
});

test("files with a hash in their name are kept for ever", async () => {
  const response = await get("/_astro/page.abc.css");
  expect(response.headers.get("Content-Type")).toMatch(/^text\/css/);
  expect(response.headers.get("Cache-Control")).toContain("immutable");
  await response.body?.cancel();
});

test("what the build compressed is sent as it is, to those who take it", async () => {
  const packed = new Uint8Array(brotliCompressSync("\0asm".repeat(500)));
  await Deno.writeFile(join(folder, "dist/_astro/run.abc.wasm.br"), packed);
  const path = "/_astro/run.abc.wasm";
  const response = await get(path, { headers: { "Accept-Encoding": "gzip, br" } });
  expect(response.headers.get("Content-Encoding")).toBe("br");
  expect(response.headers.get("Content-Type")).toBe("application/wasm");
  expect(response.headers.get("Cache-Control")).toContain("immutable");
  expect(response.headers.get("Vary")).toMatch(/accept-encoding/i);
  expect(await response.bytes()).toEqual(packed);
  const plain = await get(path);
  expect(plain.headers.get("Content-Encoding")).toBe(null);
  expect(await plain.text()).toBe("\0asm".repeat(500));
});

test("texts are compressed for those who take it", async () => {
  const headers = { "Accept-Encoding": "gzip" };
  const [plain, packed] = [await get("/search.json"), await get("/search.json", { headers })];
  expect(plain.headers.get("Content-Encoding")).toBe(null);
  expect(packed.headers.get("Content-Encoding")).toBe("gzip");
  const unpacked = packed.body!.pipeThrough(new DecompressionStream("gzip"));
  expect(await new Response(unpacked).text()).toBe(await plain.text());
  const again = { ...headers, "If-None-Match": packed.headers.get("ETag")! };
  expect((await get("/search.json", { headers: again })).status).toBe(304);
  const wasm = await get("/_astro/run.abc.wasm", { headers });
  expect(wasm.headers.get("Content-Encoding")).toBe(null);
  await wasm.body?.cancel();
});

test("what is not there is a page of its own", async () => {
  const long = `/${"a".repeat(300)}`;
  for (const path of ["/nowhere", "/_astro/gone.js", "/index.html/x", "/a%00", "/%", long]) {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe("<p>nothing here");
  }
});

test("nothing outside the site is served", async () => {
  const ways = [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/try/..%5c..%5csecret.txt",
  ];
  for (const path of ways) {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain("secret");
  }
});
