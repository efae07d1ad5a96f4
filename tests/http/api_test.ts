import { runMethod } from "../../shared/contract/run_method.ts";
import { encodeFigures } from "../../shared/figure/mod.ts";
import { expect, test, vi } from "vitest";
import { createApp } from "../../functions/app.ts";
import type { Catalogue } from "../../functions/catalogue.ts";
import { readConfig } from "../../functions/config.ts";
import { createServices } from "../../functions/services.ts";
import {
  DECLINED_HEADER,
  decodeEnvelope,
  encodeEnvelope,
} from "../../functions/invocations/invocation.ts";
import { FRESHNESS_MS, SIGNATURE_HEADER, Signer } from "../../functions/invocations/signature.ts";
import type { OcclusionScores, Problem, RunEvent, RunResult } from "../../shared/api/mod.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import { preprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { openOptions } from "../../shared/network/open/open_options.ts";
import { occlusion, occlusionOptions, planOcclusion } from "../../shared/methods/occlusion/mod.ts";
import { arrayOf, AS_EVENTS, eventsOf, form, noisePng, post } from "./requests.ts";
import { checkedApp } from "./checked_app.ts";
import { LABELS, SIDE, tinyCatalogue, tinyModel } from "./tiny_catalogue.ts";

const SECRET = "a secret of the tests";
const FANOUT = { FANOUT_SECRET: SECRET, FANOUT_URL: "http://127.0.0.1:9" };

function createTestApp(env: Record<string, string> = {}, catalogue: Catalogue = tinyCatalogue()) {
  const all: Record<string, string> = { BACKEND: "wasm", SITE: "/nowhere", ...env };
  return checkedApp(createApp(createServices(readConfig((name) => all[name]), catalogue)));
}

const get = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init);

async function problemIn(response: Response): Promise<Problem> {
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const body: Problem = await response.json();
  expect(body.status).toBe(response.status);
  expect(body.title).not.toBe("");
  return body;
}

/** The map as the library itself computes it. */
async function reference() {
  const { manifest, bytes, labels } = await tinyModel();
  await using network = await openNetwork({ manifest, bytes, labels }, { backend: "wasm" });
  const input = preprocess(await decodeImage(noisePng()), manifest.input);
  const options = occlusionOptions.parse({ window: 6, stride: 3 });
  return await runMethod(occlusion, network, { image: input }, options, {});
}

test("POST /api/<method> says what is to be known of an image", async () => {
  const size = { width: SIDE, height: SIDE };
  const white = new Uint8ClampedArray(4 * SIDE * SIDE).fill(255).map((_, i) =>
    i % 4 === 3 ? 0 : 255
  );
  const image = new Blob([encodePng({ ...size, data: white })]);
  const app = createTestApp();
  const result: RunResult = await (await app.fetch(post({ image }))).json();
  expect(result.notes).toEqual([
    "image: it is blank: on white, every pixel is white (its ink may be white on transparent)",
  ]);
  const other: RunResult = await (await app.fetch(post())).json();
  expect(other.notes).toEqual([]);
});

test("GET /healthz answers", async () => {
  const response = await createTestApp().fetch(get("/healthz"));
  expect(await response.json()).toEqual({ status: "ok" });
});

test("GET /api/models/<id>/file sends the network's file, once", async () => {
  const app = createTestApp();
  const answer = await app.fetch(get("/api/models/tiny/file"));
  const { bytes, sha256 } = await tinyModel();
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(bytes));
  const etag = answer.headers.get("ETag")!;
  expect(etag).toBe(`"${sha256}"`);
  const again = await app.fetch(
    get("/api/models/tiny/file", { headers: { "If-None-Match": etag } }),
  );
  expect(again.status).toBe(304);
  await problemIn(await app.fetch(get("/api/models/none/file")));
});

test("GET /api/models/<id>/file reads the part that is asked for, and nothing for HEAD", async () => {
  const catalogue = tinyCatalogue();
  let reads = 0;
  const app = createTestApp({}, {
    ...catalogue,
    file: async (id) => {
      const file = await catalogue.file(id);
      return { ...file, read: (start, end) => (reads++, file.read(start, end)) };
    },
  });
  const bytes = new Uint8Array((await tinyModel()).bytes);
  const size = bytes.length;
  const ask = (Range: string, more: Record<string, string> = {}) =>
    app.fetch(get("/api/models/tiny/file", { headers: { Range, ...more } }));
  for (const [range, start, end] of [["0-9", 0, 10], ["-5", size - 5, size]] as const) {
    const part = await ask(`bytes=${range}`);
    expect(part.status).toBe(206);
    expect(part.headers.get("Content-Range")).toBe(`bytes ${start}-${end - 1}/${size}`);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.slice(start, end));
  }
  expect((await ask(`bytes=${size}-`)).status).toBe(416);
  const other = await ask("bytes=0-9", { "If-Range": '"another"' });
  expect((await other.arrayBuffer()).byteLength).toBe(size);
  reads = 0;
  const head = await app.fetch(get("/api/models/tiny/file", { method: "HEAD" }));
  expect(head.headers.get("Content-Length")).toBe(`${size}`);
  expect(reads).toBe(0);
});

test("GET /metrics counts requests by route and status", async () => {
  const app = createTestApp();
  await app.fetch(get("/healthz"));
  await app.fetch(get("/healthz"));
  await app.fetch(get("/api/models/none"));
  const text = await (await app.fetch(get("/metrics"))).text();
  expect(text).toMatch(
    /convscope_requests_total\{route="\/healthz",method="GET",status="200",.*\} 2/,
  );
  expect(text).toMatch(/convscope_request_seconds_count\{[^}]*route="\/healthz"[^}]*\} 2/);
});

test("Server-Timing says how long an answer took", async () => {
  const { headers } = await createTestApp().fetch(get("/healthz"));
  expect(headers.get("Server-Timing")).toMatch(/^total;dur=\d+\.\d$/);
});

test("every answer carries security headers", async () => {
  const app = createTestApp();
  for (const path of ["/healthz", "/api/models", "/nowhere", "/api/nowhere"]) {
    const { headers } = await app.fetch(get(path));
    const policy = headers.get("Content-Security-Policy")!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-inline");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  }
});

test("GET /api/models lists the networks, and describes one", async () => {
  const app = createTestApp();
  const list = await (await app.fetch(get("/api/models"))).json();
  expect(list).toMatchObject([{ id: "tiny", available: true, classes: 5 }]);
  const one = await (await app.fetch(get("/api/models/some/tiny"))).json();
  expect(one.labels).toEqual(LABELS);
  const tiny = await (await app.fetch(get("/api/models/tiny"))).json();
  expect(tiny.describe.output).toMatchObject({ kind: "logits", tensor: "logits" });
  const quick = await (await app.fetch(get("/api/models/tiny?describe=false"))).json();
  // The extents of a layer are known once the network is open.
  const layers = tiny.layers.map(({ dims: _dims, ...layer }: Record<string, unknown>) => layer);
  expect(tiny.layers[0].dims).toEqual([1, 8, 24, 24]);
  expect(quick).toEqual({ ...tiny, describe: undefined, layers });
  expect((await app.fetch(get("/api/models/tiny?describe=no"))).status).toBe(422);
});

test("GET /api/methods lists the registry with the options' schemas", async () => {
  const list = await (await createTestApp().fetch(get("/api/methods"))).json();
  const row = list.find(({ id }: { id: string }) => id === "occlusion");
  expect(row.options.properties.window).toMatchObject({ default: 32, unit: "pixels" });
});

test("GET /api/openapi.json describes a route for every method", async () => {
  const app = createTestApp();
  const response = await app.fetch(get("/api/openapi.json"));
  const { openapi, paths, components } = await response.json();
  expect(openapi).toBe("3.1.0");
  const body = paths["/api/occlusion"].post.requestBody.content["multipart/form-data"].schema;
  const names = [
    "image",
    "guide",
    "model",
    ...Object.keys(openOptions.shape).filter((name) => name !== "feed"),
    ...Object.keys(occlusionOptions.shape),
  ];
  expect(Object.keys(body.properties).sort()).toEqual(names.sort());
  expect(Object.keys(body.patternProperties)).toEqual(["^feed:.+"]);
  for (const [, name] of JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g)) {
    expect(components.schemas).toHaveProperty(name);
  }
  const match = { "If-None-Match": response.headers.get("ETag")! };
  expect((await app.fetch(get("/api/openapi.json", { headers: match }))).status).toBe(304);
});

test.each([
  ["image/svg+xml", [0x3c, 0x73, 0x76, 0x67]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
])("POST /api/occlusion answers with its figure as %s", async (type, start) => {
  const request = post();
  request.headers.set("Accept", type);
  const response = await createTestApp().fetch(request);
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, type]);
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect([...bytes.subarray(0, 4)]).toEqual(start);
  if (type === "image/png") return;
  expect(new TextDecoder().decode(bytes)).toContain("without the occluder.</text>");
});

test("POST /api/occlusion answers with the map that the library computes", async () => {
  const response = await createTestApp().fetch(post());
  expect(response.status).toBe(200);
  const result: RunResult = await response.json();
  const { arrays, figures, measures } = await reference();
  expect(Object.keys(result.arrays).sort()).toEqual(Object.keys(arrays).sort());
  expect(result.figures).toEqual(await encodeFigures(figures));
  for (const name of Object.keys(arrays)) {
    expect(arrayOf(result, name).data).toEqual(arrays[name].data);
  }
  expect(result.measures).toEqual(JSON.parse(JSON.stringify(measures)));
  expect(result).toMatchObject({ method: "occlusion", model: "tiny", backend: "wasm" });
  expect(result.options).toMatchObject({ window: 6, stride: 3, target: "top-1", seed: 0 });
});

test("POST /api/occlusion streams the map as it comes", async () => {
  const response = await createTestApp().fetch(
    post({}, { headers: AS_EVENTS }),
  );
  expect(response.headers.get("Content-Type")).toBe("application/x-ndjson");
  const events: RunEvent[] = await Array.fromAsync(eventsOf(response));
  expect(events[0]).toMatchObject({
    type: "start",
    total: 49,
    occlusion: { rows: 7, columns: 7, window: 6, stride: 3, image: { width: 24, height: 24 } },
  });
  const steps = events.slice(1, -1).filter((event) => event.type === "progress");
  expect(steps).toHaveLength(49);
  expect(steps.at(-1)).toMatchObject({ done: 49, total: 49 });
  const last = events.at(-1)!;
  if (last.type !== "result") throw new Error(`The last event is ${JSON.stringify(last)}`);
  const scores = arrayOf(last.result, "scores").data;
  for (const { positions, logit } of steps.map((step) => step.occlusion as OcclusionScores)) {
    for (const [i, value] of logit.entries()) expect(value).toBe(scores[2 * positions[i]]);
  }
});

test("a fault in an option names the field", async () => {
  const body = await problemIn(await createTestApp().fetch(post({ score: "sum" })));
  expect(body.errors).toMatchObject([{ path: "score" }]);
  expect(body.type).toBe("/problems/#invalid-options");
});

test("a form that is cut off anywhere is refused, and never taken without its last part", async () => {
  const app = createTestApp();
  const whole = post({ target: "dog" });
  const type = whole.headers.get("Content-Type")!;
  const bytes = new Uint8Array(await whole.arrayBuffer());
  for (const cut of [4, 5, 30, 100]) {
    const request = post({}, {
      body: bytes.slice(0, bytes.length - cut),
      headers: { "Content-Type": type },
    });
    expect((await problemIn(await app.fetch(request))).status).toBe(400);
  }
});

test("options and network are looked at before an image is decoded", async () => {
  // Its header is whole, its data are not.
  const image = new Blob([noisePng().map((byte, i) => i > 60 && i < 70 ? byte ^ 255 : byte)]);
  const app = createTestApp();
  expect((await problemIn(await app.fetch(post({ image, window: "wide" })))).status).toBe(422);
  expect((await problemIn(await app.fetch(post({ image, model: "nobody" })))).status).toBe(404);
  const decoded = await problemIn(await app.fetch(post({ image })));
  expect(decoded.type).toBe("/problems/#unusable-image");
});

test("a job is cancelled by its id, also by a client that may start no more", async () => {
  const app = createTestApp({ MAX_CLIENT_JOBS: "1" });
  const fields = { window: undefined, stride: undefined, steps: "10000", restarts: "1" };
  const long = () =>
    app.fetch(get("/api/inversion", { method: "POST", body: form(fields), headers: AS_EVENTS }));
  const first = await long();
  expect((await long()).status).toBe(429);
  const id = first.headers.get("Convscope-Job")!;
  expect((await app.fetch(get(`/api/jobs/${id}`, { method: "DELETE" }))).status).toBe(204);
  const events = await Array.fromAsync(eventsOf(first));
  expect(events[0]).toMatchObject({ type: "start", job: id });
  expect(events.at(-1)).toMatchObject({
    type: "error",
    problem: { type: "/problems/#cancelled" },
  });
  const gone = await app.fetch(get(`/api/jobs/${id}`, { method: "DELETE" }));
  expect((await problemIn(gone)).status).toBe(404);
});

test("a client that waits for JSON and leaves frees its place", async () => {
  const app = createTestApp({ MAX_CLIENT_JOBS: "1" });
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, app.fetch);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const fields = { window: undefined, stride: undefined, steps: "10000", restarts: "1" };
  const client = new AbortController();
  const answer = await fetch(`${origin}/api/inversion`, {
    method: "POST",
    body: form(fields),
    signal: client.signal,
  });
  expect((await fetch(post({}, {}, origin))).status).toBe(429);
  client.abort();
  await expect(answer.text()).rejects.toThrow();
  await expect.poll(async () => {
    const next = await fetch(post({}, {}, origin));
    await next.body?.cancel();
    return next.status;
  }, { timeout: 20_000 }).toBe(200);
});

test("behind a trusted proxy, clients are told apart by what it says", async () => {
  const { arrived, catalogue, release } = slowCatalogue();
  const app = createTestApp({ MAX_CLIENT_JOBS: "1", TRUSTED_PROXIES: "1" }, catalogue);
  const from = (address: string) => {
    const request = post();
    request.headers.set("X-Forwarded-For", `192.0.2.99, ${address}`);
    return app.fetch(request, { remoteAddr: { transport: "tcp", hostname: "10.0.0.1", port: 1 } });
  };
  const first = from("192.0.2.1");
  await arrived(1);
  expect((await from("192.0.2.1")).status).toBe(429);
  const second = from("192.0.2.2");
  release();
  for (const answer of [await first, await second]) {
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  }
});

test("a Host that is no host is refused", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    createTestApp().fetch,
  );
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  const request = "POST /api/occlusion HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  const answer = await new Response(connection.readable).text();
  expect(answer).toMatch(/^HTTP\/1.1 400 [^]*"detail":"The header Host is no host"/);
});

/** A catalogue whose network takes until `release` to open. */
function slowCatalogue() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const fast = tinyCatalogue();
  let jobs = 0;
  return {
    release: resolve,
    /** Waits until so many jobs ask for the network, and so have their places. */
    arrived: (count: number) => expect.poll(() => jobs, { timeout: 20_000 }).toBe(count),
    catalogue: {
      ...fast,
      version: (id: string) => (jobs++, fast.version(id)),
      open: (id: string) => promise.then(() => fast.open(id)),
    },
  };
}

test("a client with too many jobs gets 429, everybody else 503 when all are taken", async () => {
  const { arrived, catalogue, release } = slowCatalogue();
  const app = createTestApp({ MAX_JOBS: "2", MAX_CLIENT_JOBS: "1" }, catalogue);
  const from = (hostname: string) =>
    app.fetch(post(), { remoteAddr: { transport: "tcp", hostname, port: 1 } });
  const first = from("192.0.2.1");
  await arrived(1);
  const again = await from("192.0.2.1");
  expect(again.headers.get("Retry-After")).toBe("5");
  expect((await problemIn(again)).status).toBe(429);
  const second = from("192.0.2.2");
  await arrived(2);
  const third = await from("192.0.2.3");
  expect(third.headers.get("Retry-After")).toBe("5");
  expect((await problemIn(third)).status).toBe(503);
  release();
  for (const answer of [await first, await second]) {
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  }
  expect((await from("192.0.2.1")).status).toBe(200);
});

test("a job that takes too long is stopped and told so", async () => {
  const slow: Catalogue = {
    ...tinyCatalogue(),
    open: (id) =>
      new Promise((resolve) => setTimeout(() => resolve(tinyCatalogue().open(id)), 1100)),
  };
  const response = await createTestApp({ MAX_SECONDS: "1" }, slow).fetch(post());
  expect(response.headers.get("Retry-After")).not.toBeNull();
  expect((await problemIn(response)).detail).toContain("stopped after 1 seconds");
});

test("an internal error is logged under the id the client is told, and no more", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const broken = { ...tinyCatalogue(), open: () => Promise.reject(new Error("a private detail")) };
  const response = await createTestApp({}, broken).fetch(post());
  const text = await response.clone().text();
  const { status, instance } = await problemIn(response);
  expect(status).toBe(500);
  expect(text).not.toMatch(/private|\.ts/);
  expect(logged.mock.calls.join()).toContain(instance!.replace("urn:uuid:", ""));
  expect(logged.mock.calls.join()).toContain("a private detail");
  logged.mockRestore();
});

test("two classes of one label have gradients of their own", async () => {
  const labels = ["crane", "bee", "crane", "dog", "elk"];
  const catalogue = {
    ...tinyCatalogue(),
    open: async () => ({ ...await tinyModel(), labels }),
  };
  const gradientOf = async (app: { fetch: typeof fetch }, target: string) => {
    const body = form({ window: undefined, stride: undefined, target });
    const request = new Request("http://localhost/api/gradient", { method: "POST", body });
    const result: RunResult = await (await app.fetch(request)).json();
    return arrayOf(result, "gradient").data;
  };
  const appOf = () => createTestApp({}, catalogue) as unknown as { fetch: typeof fetch };
  const [alone, shared] = [appOf(), appOf()];
  const first = await gradientOf(shared, "0");
  const other = await gradientOf(shared, "2");
  expect(other).not.toEqual(first);
  expect(other).toEqual(await gradientOf(alone, "2"));
});

/** Items of an occlusion map for another isolate, and a way to post them. */
async function invocation() {
  const { manifest, bytes, labels, sha256 } = await tinyModel();
  await using network = await openNetwork({ manifest, bytes, labels }, { backend: "wasm" });
  const input = preprocess(await decodeImage(noisePng()), manifest.input);
  const options = occlusionOptions.parse({ window: 6, stride: 3 });
  const { job, input: tensor } = await planOcclusion(network, input, options);
  return {
    network: "tiny",
    sha256,
    shared: "a digest",
    value: { shared: { job, input: tensor } },
    items: [0, 5],
  };
}

const postTile = (body: Uint8Array<ArrayBuffer>, signature?: string) =>
  get("/api/occlusion/tile", {
    method: "POST",
    body,
    headers: signature === undefined ? {} : { [SIGNATURE_HEADER]: signature },
  });

test("POST /api/occlusion/tile takes only what is signed with the secret, and fresh", async () => {
  const app = createTestApp(FANOUT);
  const body = encodeEnvelope(await invocation());
  const signer = new Signer(SECRET);
  const good = await app.fetch(postTile(body, await signer.sign(body)));
  expect(good.status).toBe(200);
  expect(good.headers.get("Content-Type")).toBe("application/octet-stream");
  const forgeries = [
    undefined,
    "t=1,v1=0",
    await new Signer("another secret of theirs").sign(body),
    await signer.sign(body.slice(1)),
    await signer.sign(body, Date.now() - FRESHNESS_MS - 1000),
  ];
  for (const signature of forgeries) {
    const response = await app.fetch(postTile(body, signature));
    expect((await problemIn(response)).status).toBe(403);
  }
});

test("POST /api/occlusion/tile does not read what an outsider sends", async () => {
  const app = createTestApp(FANOUT);
  let asked = 0;
  const body = new ReadableStream({ pull: (c) => (asked++, c.enqueue(new Uint8Array(1024))) });
  const [, ...rest] = (await new Signer("another secret of theirs").sign(new Uint8Array(9)))
    .split(",");
  const headers = { [SIGNATURE_HEADER]: [`t=${Date.now()}`, ...rest].join() };
  const response = await app.fetch(get("/api/occlusion/tile", { method: "POST", body, headers }));
  expect((await problemIn(response)).status).toBe(403);
  expect(asked).toBeLessThan(3);
});

test("POST /api/occlusion/tile refuses what is signed, but not of this version", async () => {
  const app = createTestApp(FANOUT);
  const signer = new Signer(SECRET);
  const request = await invocation();
  const bodies: [Uint8Array<ArrayBuffer>, number][] = [
    [new Uint8Array(40), 400],
    [encodeEnvelope({ ...request, items: [] }), 400],
    [encodeEnvelope({ ...request, network: 3 }), 400],
    [encodeEnvelope({ ...request, sha256: "0".repeat(64) }), 422],
    [encodeEnvelope({ ...request, items: [48, 49] }), 422],
  ];
  for (const [body, status] of bodies) {
    const response = await app.fetch(postTile(body, await signer.sign(body)));
    expect((await problemIn(response)).status).toBe(status);
  }
});

test("POST /api/occlusion/tile asks for what all items share, and keeps it", async () => {
  const app = createTestApp(FANOUT);
  const signer = new Signer(SECRET);
  const request = await invocation();
  const send = async (value: unknown) => {
    const body = encodeEnvelope(value);
    return await app.fetch(postTile(body, await signer.sign(body)));
  };
  const { value: _, ...bare } = request;
  const asks = await send(bare);
  expect([asks.status, asks.headers.get(DECLINED_HEADER)]).toEqual([428, "unknown"]);
  const first = await send(request);
  const second = await send(bare);
  const [a, b] = await Promise.all([first, second].map((answer) => answer.bytes()));
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(decodeEnvelope(b)).toEqual(decodeEnvelope(a));
});

test("POST /api/occlusion/tile sends away what is too much at once", async () => {
  const { arrived, catalogue, release } = slowCatalogue();
  const app = createTestApp({ ...FANOUT, MAX_INVOCATIONS: "1" }, catalogue);
  const body = encodeEnvelope(await invocation());
  const signer = new Signer(SECRET);
  const first = app.fetch(postTile(body, await signer.sign(body)));
  await arrived(1);
  const declined = await app.fetch(postTile(body, await signer.sign(body)));
  expect([declined.status, declined.headers.get(DECLINED_HEADER)]).toEqual([503, "busy"]);
  release();
  expect((await first).status).toBe(200);
});
