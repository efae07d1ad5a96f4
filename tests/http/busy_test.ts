/** What a busy or hostile client must not do to the others. */
import { expect, test } from "vitest";
import { createApp } from "../../functions/app.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import { post } from "./requests.ts";
import { checkedApp } from "./checked_app.ts";
import { tinyCatalogue } from "./tiny_catalogue.ts";

const createTestApp = (env: Record<string, string> = {}) => {
  const all: Record<string, string> = { BACKEND: "wasm", SITE: "/nowhere", ...env };
  return checkedApp(createApp(createServices(readConfig((name) => all[name]), tinyCatalogue())));
};

const healthz = () => new Request("http://localhost/healthz");

/** What `deno serve` tells of the client at an address. */
const from = (hostname: string) => ({ remoteAddr: { hostname, port: 1, transport: "tcp" } });

/** An upload that never moves. */
const idleUpload = () =>
  new Request("http://localhost/api/occlusion", {
    method: "POST",
    headers: { "Content-Type": "multipart/form-data; boundary=b" },
    body: new ReadableStream({ pull: () => new Promise(() => {}) }),
  });

/** Black, so that many pixels are few bytes. */
function largePng(width: number, height: number): Uint8Array<ArrayBuffer> {
  return encodePng({ width, height, data: new Uint8ClampedArray(4 * width * height) });
}

test("the server answers while a large image is decoded", async () => {
  const app = createTestApp();
  // The worker that decodes is there already.
  await (await app.fetch(post())).body?.cancel();
  const image = new Blob([largePng(1600, 1200)]);
  const order: string[] = [];
  const job = Promise.resolve(app.fetch(post({ image }))).then(() => order.push("job"));
  for (let i = 0; i < 5; i++) {
    expect((await app.fetch(healthz())).status).toBe(200);
    order.push("healthz");
    await new Promise((resolve) => setTimeout(resolve));
  }
  await job;
  expect(order.at(-1)).toBe("job");
});

test("uploads that never move keep nobody else from a job", async () => {
  const app = createTestApp();
  for (let i = 0; i < 8; i++) void app.fetch(idleUpload(), from(`10.0.0.${i}`));
  const other = await app.fetch(post(), from("10.0.0.99"));
  expect(other.status).toBe(200);
  await other.body?.cancel();
});

test("many idle uploads of one address are refused to it alone", async () => {
  const app = createTestApp({ MAX_CLIENT_UPLOADS: "2" });
  for (let i = 0; i < 2; i++) void app.fetch(idleUpload(), from("10.0.0.1"));
  await new Promise((resolve) => setTimeout(resolve));
  expect((await app.fetch(post(), from("10.0.0.1"))).status).toBe(429);
  const other = await app.fetch(post(), from("10.0.0.2"));
  expect(other.status).toBe(200);
  await other.body?.cancel();
});

test("only allowed origins may read answers", async () => {
  const app = createTestApp({ CORS_ORIGINS: "https://site.example" });
  const originIn = async (Origin: string) => {
    const request = new Request("http://localhost/api/models", { headers: { Origin } });
    return (await app.fetch(request)).headers.get("Access-Control-Allow-Origin");
  };
  expect(await originIn("https://site.example")).toBe("https://site.example");
  expect(await originIn("https://evil.example")).toBeNull();
  expect(await originIn("https://site.example.evil.example")).toBeNull();
});
