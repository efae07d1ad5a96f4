import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import type { ModelDetails, ModelInfo, Problem, RunResult } from "../../shared/api/mod.ts";
import { sha256 } from "../../shared/models/mod.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { encodeNpy } from "../../shared/tensor/npy.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { convNet } from "../networks.ts";
import { checkedApp } from "./checked_app.ts";
import { arrayOf, form } from "./requests.ts";
import { type ServeProcess, serveProcess } from "./serve_process.ts";

const MAIN = new URL("../../functions/main.ts", import.meta.url);
const CLI = fileURLToPath(new URL("../../scripts/cli/main.ts", import.meta.url));

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
});
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

const checked = checkedApp({ fetch: (request) => fetch(request) });
const ask = async (path: string, init?: RequestInit) =>
  await checked.fetch(new Request(server.origin + path, init));
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
});

test("what a file means is described, and overruled by options, as on the command line", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const age = b.input("age", [1, 3]);
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [x], {}, "mean")], {}, "flat");
  b.output(b.op("Mul", [pooled, age], {}, "scaled"));
  b.output(b.op("Add", ["scaled", age], {}, "other"));
  await put("own/two.onnx", encodeModel(b.build()));

  const refused = await run("two", { window: "4", stride: "4" });
  expect((refused as unknown as Problem).detail).toMatch(/"age".*--feed|feed.*"age"/);

  const npy = (...values: number[]) =>
    new Blob([encodeNpy(float32(Float32Array.from(values), [1, 3]))]);
  const fields = {
    ...{ window: "4", stride: "4", target: "bee", fill: "0" },
    ...{ "feed:age": npy(1, 2, 3), labels: "ant\nbee\ncat" },
  };
  const white = new Blob([
    encodePng({ width: 8, height: 8, data: new Uint8ClampedArray(256).fill(255) }),
  ]);
  // An occluder of a quarter leaves three quarters of the mean, times the age.
  const scores = async (more: Record<string, string | Blob>) => {
    const { data } = arrayOf(await run("two", { ...fields, image: white, ...more }), "scores");
    return [...data as Float32Array].filter((_, i) => i % 2 === 0);
  };
  const near = (value: number) => [0, 1, 2, 3].map(() => expect.closeTo(value, 3));
  expect(await scores({})).toEqual(near(0.75 * 2));
  expect(await scores({ scale: "1" })).toEqual(near(255 * 0.75 * 2));
  expect(await scores({ "feed:age": npy(0, 4, 0) })).toEqual(near(0.75 * 4));
  expect(await scores({ scores: "other", std: "0.5,0.5,0.5" })).toEqual(near(2 * 0.75 * 2 + 2));

  await put("own/tiny.onnx", convNet({ height: 24, width: 24 }));
  const { describe }: ModelDetails = await (await ask("/api/models/tiny")).json();
  const cli = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, "describe", "--json", "--backend", "wasm", "--model", "tiny"],
    env: { OWN_MODELS: join(folder, "own") },
  }).output();
  expect(describe).toEqual(JSON.parse(new TextDecoder().decode(cli.stdout)));
  expect(describe).toMatchObject({ repeatable: true, origins: { mean: "assumed" } });
  const asked = await ask("/api/models/tiny?mean=0.1,0.2,0.3&scores=prob&fit=crop");
  expect([asked.status, (await asked.json()).detail]).toEqual([
    422,
    expect.stringMatching("fit"),
  ]);
  const other: ModelDetails = await (await ask("/api/models/tiny?mean=0.1,0.2,0.3&scores=prob"))
    .json();
  expect(other.describe).toMatchObject({
    preprocessing: { mean: [0.1, 0.2, 0.3] },
    origins: { mean: "options" },
  });
  const settled = await ask("/api/models/glyphnet?mean=0,0,0");
  expect((await settled.json()).detail).toMatch("its manifest says how");
  const large = await ask("/api/models/tiny?size=4000");
  expect((await large.json()).detail).toMatch("at most 1024");
});
