import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ModelDetails, ModelInfo, RunResult } from "../../shared/api/mod.ts";
import { sha256 } from "../../shared/models/mod.ts";
import { convNet } from "../networks.ts";
import { form } from "./requests.ts";
import { type ServeProcess, serveProcess } from "./serve_process.ts";

const MAIN = new URL("../../functions/main.ts", import.meta.url);
const SECONDS = 180_000;

let folder: string;
let server: ServeProcess;

beforeEach(async () => {
  folder = await Deno.makeTempDir();
  server = await serveProcess(MAIN, {
    OWN_MODELS: join(folder, "own"),
    MODEL_MIRROR: join(folder, "mirror"),
    MODEL_CACHE: join(folder, "cache"),
    BACKEND: "wasm",
    SITE: folder,
  });
}, SECONDS);
afterEach(async () => {
  await server.kill();
  await Deno.remove(folder, { recursive: true });
});

async function put(path: string, content: Uint8Array | object): Promise<void> {
  const full = join(folder, path);
  await Deno.mkdir(join(full, ".."), { recursive: true });
  const isBytes = content instanceof Uint8Array;
  await Deno.writeFile(full, isBytes ? content : new TextEncoder().encode(JSON.stringify(content)));
}

const ask = (path: string, init?: RequestInit) => fetch(server.origin + path, init);
const list = async (): Promise<ModelInfo[]> => await (await ask("/api/models")).json();
const find = async (id: string) => (await list()).find((model) => model.id === id);

async function run(model: string, fields: Parameters<typeof form>[0] = {}): Promise<RunResult> {
  const body = form({ model, ...fields });
  return await (await ask("/api/occlusion", { method: "POST", body })).json();
}

test("networks that no manifest lists are served as soon as they lie in a folder", async () => {
  const before = await list();
  expect(before.map(({ id }) => id)).toContain("glyphnet");

  const net = convNet({ height: 24, width: 24 });
  await put("own/my net.onnx", net);
  expect(await find("my-net")).toMatchObject({ available: true, classes: 5, bytes: net.length });
  await put("own/my net.json", { labels: { file: "names.json", offset: 0 } });
  await put("own/names.json", ["ant", "bee", "cat", "dog", "elk"]);
  const details: ModelDetails = await (await ask("/api/models/my-net")).json();
  expect(details.labels[1]).toBe("bee");
  expect(new Uint8Array(await (await ask("/api/models/my-net/file")).arrayBuffer())).toEqual(
    new Uint8Array(net),
  );
  const first = await run("my-net");
  expect(first).toMatchObject({ model: "my-net", modelSha256: await sha256(net) });

  const other = convNet({ height: 24, width: 24, seed: 2 });
  await put("own/my net.onnx", other);
  expect((await run("my-net")).modelSha256).toBe(await sha256(other));

  await put("mirror/someone/tiny/onnx/model.onnx", net);
  await put("mirror/someone/tiny/config.json", { id2label: { 0: "a", 1: "b", 2: "c" } });
  expect(await find("someone--tiny")).toMatchObject({ title: "someone/tiny", available: true });
  expect((await run("someone--tiny")).figures).not.toEqual({});

  await put("own/broken.onnx", net.subarray(0, 300));
  const broken = await find("broken");
  expect(broken).toMatchObject({ available: false });
  expect(broken!.fault).toMatch(/a field says it is \d+ bytes long, but \d+ are left/);
  expect((await ask("/api/models/broken")).status).toBe(422);
  await put("own/broken.onnx", net);
  expect(await find("broken")).toMatchObject({ available: true });

  await Deno.remove(join(folder, "own", "broken.onnx"));
  expect(await find("broken")).toBeUndefined();
  const gone = await ask("/api/models/broken");
  expect([gone.status, (await gone.json()).detail]).toEqual([
    404,
    expect.stringContaining("my-net, someone--tiny"),
  ]);
}, SECONDS);
