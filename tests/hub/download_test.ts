import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { download, type DownloadOptions, isDiskFull } from "../../scripts/fetch/download.ts";
import { FetchError } from "../../scripts/fetch/fetch_error.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { type Answer, startHub, type TestHub, type TestHubOptions } from "./server.ts";

const SIZE = 200_000;
const content = Uint8Array.from({ length: SIZE }, (_, i) => 128 + 40 * normalAt(1, i));
const digest = await sha256(content);
const FILE = "owner/net/onnx/model.onnx";
/** Quick enough for tests; every kind of failure goes through the same code. */
const quick = { attempts: 3, pauseMs: 5, idleMs: 300 };

let folder: string;
let target: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hub-test-"));
  target = join(folder, "owner/net/onnx/model.onnx");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const hubWith = (answers: Answer[], options: Partial<TestHubOptions> = {}) =>
  startHub({ files: { [FILE]: content }, answers, ...options });
const urlOf = (hub: TestHub) => `${hub.url}owner/net/resolve/main/onnx/model.onnx`;
const get = (hub: TestHub, options: DownloadOptions = {}) =>
  download(urlOf(hub), target, { ...quick, sha256: digest, bytes: SIZE, ...options });
const names = async () => {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(join(folder, "owner/net/onnx"))) found.push(name);
  return found.sort();
};
const ranges = (hub: TestHub) => hub.byteRequests.map(({ range }) => range);

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(FetchError);
  return error.message.replace(/http:\/\/127\.0\.0\.1:\d+/g, "HUB")
    .replace(/127\.0\.0\.1:\d+/g, "HOST");
}

async function expectWhole() {
  expect(await sha256(await Deno.readFile(target))).toBe(digest);
  expect(await names()).toEqual(["model.onnx", "model.onnx.lock"]);
}

async function expectNothing() {
  expect(await names()).not.toContain("model.onnx");
}

test("download() fetches through the hub's redirect, and reports progress", async () => {
  await using hub = hubWith([]);
  const seen: [number, number | undefined][] = [];
  const result = await get(hub, { onProgress: (done, total) => seen.push([done, total]) });
  expect(result).toEqual({ sha256: digest, bytes: SIZE, fetched: true });
  expect(seen.at(-1)).toEqual([SIZE, SIZE]);
  await expectWhole();
});

test("download() does not fetch a file that is there and right", async () => {
  await using hub = hubWith([]);
  await get(hub);
  expect((await get(hub)).fetched).toBe(false);
  expect(hub.byteRequests.length).toBe(1);
});

test("download() replaces a file of the wrong bytes", async () => {
  await using hub = hubWith([]);
  await Deno.mkdir(join(folder, "owner/net/onnx"), { recursive: true });
  await Deno.writeFile(target, content.map((byte) => byte ^ 1));
  expect((await get(hub)).fetched).toBe(true);
  await expectWhole();
});

test("download() goes on where a dropped connection stopped", async () => {
  await using hub = hubWith([{ kind: "drop", after: 60_000 }, { kind: "drop", after: 50_000 }]);
  await get(hub);
  await expectWhole();
  const offsets = ranges(hub).map((range) => Number(/\d+/.exec(range ?? "0")));
  expect(hub.byteRequests.length).toBe(3);
  expect(offsets[1]).toBeGreaterThan(0);
  expect(offsets[2]).toBeGreaterThan(offsets[1]);
});

test("download() goes on in a later call, and asks whether the bytes are still the same", async () => {
  await using hub = hubWith([{ kind: "drop", after: 100_000 }]);
  expect(await failure(get(hub, { attempts: 1 }))).toMatch(
    /^Cannot fetch HUB\/.*: the connection breaks after \d+ of 200000 bytes; run this again/,
  );
  await expectNothing();
  const had = (await Deno.stat(`${target}.part`)).size;
  expect(had).toBeGreaterThan(0);
  await get(hub);
  await expectWhole();
  expect(hub.byteRequests[1].range).toBe(`bytes=${had}-`);
  expect(hub.byteRequests[1].ifRange).toMatch(/^".+"$/);
});

test("download() begins anew when the hub's file has changed meanwhile", async () => {
  const other = content.map((byte) => byte ^ 0xff);
  await using before = startHub({
    files: { [FILE]: other },
    answers: [{ kind: "drop", after: 100_000 }],
  });
  await failure(get(before, { attempts: 1 }));
  await using after = hubWith([]);
  // Nothing is known of the file, so only the tags can tell.
  expect((await get(after, { sha256: null, bytes: null })).sha256).toBe(digest);
  await expectWhole();
});

test("download() does not join pieces that nothing proves to fit", async () => {
  const options = { sha256: null, bytes: null };
  await using hub = hubWith([{ kind: "drop", after: 100_000 }], { etag: false });
  await get(hub, options);
  expect(ranges(hub)).toEqual([null, null]);
  await expectWhole();
});

test("download() begins anew when earlier bytes turn out wrong", async () => {
  await using hub = hubWith([{ kind: "serve" }, { kind: "serve" }], { etag: false });
  await Deno.mkdir(join(folder, "owner/net/onnx"), { recursive: true });
  await Deno.writeFile(`${target}.part`, new Uint8Array(50_000));
  await get(hub);
  expect(ranges(hub)).toEqual(["bytes=50000-", null]);
  await expectWhole();
});

test("download() copes with a server that ignores ranges", async () => {
  await using hub = hubWith([{ kind: "drop", after: 60_000 }, { kind: "ignore-range" }]);
  await get(hub);
  await expectWhole();
});

test("download() ends a silence, and goes on", async () => {
  await using hub = hubWith([{ kind: "stall", after: 60_000 }]);
  const retries: string[] = [];
  await get(hub, { onRetry: (error) => retries.push(error.message) });
  expect(retries).toEqual([expect.stringContaining("the server stays silent after ")]);
  await expectWhole();
});

test("download() gives up on a server that stays silent", async () => {
  await using hub = hubWith(Array(3).fill({ kind: "stall", after: 0 }));
  expect(await failure(get(hub, { idleMs: 100 }))).toContain("silent after 0 of 200000 bytes");
  await expectNothing();
});

test("download() ends whenever its patience does, before an answer or after its beginning", async () => {
  for (let round = 0; round < 60; round++) {
    await using hub = hubWith(Array(3).fill({ kind: "stall", after: 0 }));
    await failure(get(hub, { idleMs: 1 + round % 20 }));
  }
  await expectNothing();
});

test("download() counts only failures in a row that brought nothing", async () => {
  await using hub = hubWith(Array(6).fill({ kind: "drop", after: 40_000 }));
  await get(hub, { attempts: 2 });
  await expectWhole();
});

test("download() takes a clean but early end for a drop", async () => {
  await using hub = hubWith([{ kind: "short", after: 70_000 }]);
  await get(hub);
  await expectWhole();
});

test("download() refuses wrong bytes and keeps nothing of them", async () => {
  await using hub = hubWith([{ kind: "corrupt" }]);
  expect(await failure(get(hub))).toMatch(
    new RegExp(`its SHA-256 is [0-9a-f]{64}, expected ${digest}; nothing was kept`),
  );
  await expectNothing();
  expect(await names()).not.toContain("model.onnx.part");
  await get(hub);
  await expectWhole();
});

test("download() refuses a file of another size before it is fetched", async () => {
  for (const size of [SIZE - 1, SIZE + 1]) {
    await using hub = hubWith([{ kind: "other", bytes: new Uint8Array(size) }]);
    expect(await failure(get(hub))).toBe(
      `Cannot fetch HUB/owner/net/resolve/main/onnx/model.onnx: it has ${size} bytes, expected ` +
        "200000; the hub's file is another one than the manifest means",
    );
    await expectNothing();
  }
});

test("download() refuses a range that was not asked for", async () => {
  await using hub = hubWith([{ kind: "drop", after: 60_000 }, { kind: "wrong-range" }]);
  expect(await failure(get(hub))).toMatch(/asked for bytes from \d+, the server sent \d+$/);
  await expectNothing();
});

test("download() recovers from a part that is longer than the file", async () => {
  await using hub = hubWith([]);
  await Deno.mkdir(join(folder, "owner/net/onnx"), { recursive: true });
  await Deno.writeFile(`${target}.part`, new Uint8Array(SIZE + 10));
  await get(hub);
  await expectWhole();
});

test("download() finishes a part that is whole already", async () => {
  await using hub = hubWith([]);
  await Deno.mkdir(join(folder, "owner/net/onnx"), { recursive: true });
  await Deno.writeFile(`${target}.part`, content);
  await get(hub);
  expect(ranges(hub)).toEqual([`bytes=${SIZE}-`]);
  await expectWhole();
});

test("download() retries 429 and 5xx, and waits as long as it is told", async () => {
  const pauses: number[] = [];
  await using hub = hubWith([
    { kind: "status", status: 429, headers: { "retry-after": "0" } },
    { kind: "status", status: 503 },
  ]);
  await get(hub, { onRetry: (_, pause) => pauses.push(pause) });
  expect(pauses).toEqual([0, 10]);
  await expectWhole();
});

const refusals: [number, number, string][] = [
  [404, 1, "the answer is 404; there is no such file; check the repository, the file and the"],
  [401, 1, "the answer is 401; the hub wants a login, or has no such repository"],
  [403, 1, "the answer is 403; access has to be granted; open the repository's page"],
  [429, 3, "the answer is 429; too many requests; wait a few minutes and run this again"],
  [500, 3, "the answer is 500; the hub has trouble; run this again later"],
  [418, 1, "the answer is 418; this is not an answer of a hub; check HF_ENDPOINT"],
];
for (const [status, requests, message] of refusals) {
  test(`download() says what to do about ${status}`, async () => {
    const answer: Answer = { kind: "status", status };
    await using hub = hubWith(Array(requests).fill(answer));
    expect(await failure(get(hub))).toContain(message);
    expect(hub.byteRequests.length).toBe(requests);
    await expectNothing();
  });
}

test("download() says what to do without a network", async () => {
  const hub = hubWith([]);
  await hub[Symbol.asyncDispose]();
  expect(await failure(get(hub))).toBe(
    "Cannot fetch HUB/owner/net/resolve/main/onnx/model.onnx: there is no connection to HOST; " +
      "check the network, or set MODEL_MIRROR to a folder that has the network, or give the path " +
      "of an .onnx file",
  );
});

test("download() lets calls for one file wait for each other", async () => {
  await using hub = hubWith([{ kind: "drop", after: 60_000 }]);
  const results = await Promise.all([get(hub), get(hub), get(hub)]);
  expect(results.map(({ fetched }) => fetched).sort()).toEqual([false, false, true]);
  await expectWhole();
});

test("isDiskFull() tells a full disk from other failures", async () => {
  expect(isDiskFull(Object.assign(new Error("x"), { code: "ENOSPC" }))).toBe(true);
  expect(isDiskFull(new Deno.errors.NotFound("gone"))).toBe(false);
  if (Deno.build.os !== "linux") return;
  using full = await Deno.open("/dev/full", { write: true });
  const error = await full.write(new Uint8Array(1)).then(() => undefined, (error) => error);
  expect(isDiskFull(error)).toBe(true);
});
