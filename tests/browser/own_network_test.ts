import { zipSync } from "fflate";
import type { OpenedFile } from "../../site/src/scripts/local/opened_file.ts";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { runMethod } from "../../shared/contract/run_method.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { manifestFor } from "../../shared/models/manifest_for.ts";
import { preprocess } from "../../shared/models/preprocess.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { decodeModel, encodeModel } from "../../shared/onnx/mod.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import { noisePng } from "../http/requests.ts";
import { convNet } from "../networks.ts";
import { type OpenHarness, openHarness, openIn, plainFile, runIn } from "./local/open_harness.ts";
import { noBrowser } from "./served_site.ts";
import { watchComplaints } from "./watch_complaints.ts";

const SIDE = 24;
const NETWORK = convNet({ height: SIDE, width: SIDE });
const LABELS = ["ant", "bee", "cat", "dog", "elk"];
const IMAGE = noisePng(SIDE);
const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

const text = (name: string, content: string) => plainFile(name, new TextEncoder().encode(content));
const onnx = plainFile("own.onnx", NETWORK);
const labels = text("labels.txt", LABELS.join("\n") + "\n");

let harness: OpenHarness;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (!noBrowser) harness = await openHarness();
});

afterAll(() => harness?.[Symbol.asyncDispose]());

beforeEach(async () => {
  if (noBrowser) return;
  page = await harness.newPage();
  complaints = watchComplaints(page);
});

afterEach(async () => {
  if (noBrowser) return;
  await page.evaluate(() => globalThis.harness.forgetFiles());
  await page.close();
});

/** The class probabilities that the server's code finds. */
async function classifyHere(
  levels: Partial<typeof IMAGENET & { shortSide: number }> = {},
): Promise<number[]> {
  const manifest = manifestFor({ path: "own.onnx", height: SIDE, width: SIDE, ...levels });
  await using network = await openNetwork({ manifest, bytes: NETWORK, labels: LABELS }, {
    backend: "wasm",
  });
  const image = preprocess(await decodeImage(IMAGE), manifest.input);
  const method = await loadMethod("classify");
  const options = method.options.parse({});
  const { arrays } = await runMethod(method, network, { image }, options);
  return Object.values(arrays).flatMap(({ data }) => [...data as Float32Array]);
}

async function classifyIn(page: Page, model: string): Promise<number[]> {
  const { arrays } = await runIn(page, "classify", { model }, plainFile("noise.png", IMAGE));
  return Object.values(arrays).flatMap((
    npy,
  ) => [...decodeNpy(Uint8Array.fromBase64(npy)).data as Float32Array]);
}

function expectClose(found: readonly number[], expected: readonly number[]) {
  expect(found.length).toBe(expected.length);
  // The same WebAssembly in another engine: what differs is the last bit of a sum.
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
}

test.skipIf(noBrowser)("a dropped network classifies as the server's code does", async () => {
  const uploads: string[] = [];
  page.on("request", (request) => request.method() !== "GET" && uploads.push(request.url()));
  const opened = await openIn(page, [labels, onnx]);
  expect(opened.id).toMatch(/^file:[0-9a-f]{16}$/);
  expect(opened.details).toMatchObject({ labels: LABELS, classes: 5, title: "own" });
  expect(opened.details.layers.find(({ tensor }) => tensor === "relu1")?.dims)
    .toEqual([1, 8, SIDE, SIDE]);
  expect(opened.questions.map(({ name }) => name)).toEqual(["preprocessing"]);
  expectClose(await classifyIn(page, opened.id), await classifyHere());
  const answered = await openIn(page, [onnx, labels], { preprocessing: "imagenet" });
  expect(answered.questions).toEqual([]);
  expectClose(await classifyIn(page, answered.id), await classifyHere(IMAGENET));
  expect(uploads).toEqual([]);
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)(
  "a preprocessing JSON and external data are found in any order, and in a .zip",
  async () => {
    const { network, data } = split(NETWORK);
    const stated = text(
      "own.json",
      JSON.stringify({
        input: {
          height: SIDE,
          width: SIDE,
          resize: { shortSide: 27, filter: "bilinear" },
          channelOrder: "RGB",
          scale: 1 / 255,
          ...IMAGENET,
        },
      }),
    );
    const parts = [plainFile("weights.bin", data), stated, labels, plainFile("own.onnx", network)];
    const opened = await openIn(page, parts);
    expect(opened.questions).toEqual([]);
    const expected = await classifyHere(IMAGENET);
    expectClose(await classifyIn(page, opened.id), expected);
    const entries = parts.map(({ name, bytes }) =>
      [`own/${name}`, Uint8Array.fromBase64(bytes)] as const
    );
    const zip = zipSync(
      Object.fromEntries([...entries, ["__MACOSX/own/._own.onnx", new Uint8Array(4)]]),
    );
    const unzipped = await openIn(page, [plainFile("own.zip", zip)]);
    expect(unzipped.id).toBe(opened.id);
    expectClose(await classifyIn(page, unzipped.id), expected);
    expect(complaints).toEqual([]);
  },
);

test.skipIf(noBrowser)("a folder is dropped on the page", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/own/weights`, { recursive: true });
  const { network, data } = split(NETWORK);
  await Deno.writeFile(`${folder}/own/own.onnx`, network);
  await Deno.writeFile(`${folder}/own/weights/weights.bin`, data);
  await Deno.writeTextFile(`${folder}/own/labels.txt`, LABELS.join("\n"));
  const opening = page.evaluate(() => globalThis.harness.openDropped());
  const devTools = await page.context().newCDPSession(page);
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    const files = [`${folder}/own`];
    const dragged = { items: [], files, dragOperationsMask: 1 };
    await devTools.send("Input.dispatchDragEvent", { type, x: 20, y: 20, data: dragged });
  }
  expect(await opening).toMatchObject({ details: { title: "own", labels: LABELS } });
  await Deno.remove(folder, { recursive: true });
  expect(complaints).toEqual([]);
});

test.skipIf(noBrowser)("networks are kept for another page, and forgotten", async () => {
  const opened = await openIn(page, [onnx, labels], { preprocessing: "imagenet" });
  const other = await harness.newPage();
  const kept = () => other.evaluate(() => globalThis.harness.keptFiles());
  expect(await kept()).toEqual([opened]);
  expectClose(await classifyIn(other, opened.id), await classifyHere(IMAGENET));
  const changed = await other.evaluate(
    (id) =>
      globalThis.harness.openKept(id, {
        preprocessing: "unit",
      }),
    opened.id,
  );
  expect(changed).toMatchObject({ id: opened.id, details: { labels: LABELS } });
  expectClose(await classifyIn(other, opened.id), await classifyHere());
  for (let seed = 2; seed < 7; seed++) {
    const bytes = convNet({ height: SIDE, width: SIDE, seed });
    await openIn(page, [plainFile(`own${seed}.onnx`, bytes)]);
  }
  expect((await kept()).map(({ details: { title } }) => title).slice(0, 4))
    .toEqual(["own", "own6", "own5", "own4"]);
  await other.evaluate(() => globalThis.harness.forgetFiles());
  await other.close();
  const third = await harness.newPage();
  expect(
    await third.evaluate(() => globalThis.harness.keptFiles()),
  ).toEqual([]);
  await expect(classifyIn(third, opened.id)).rejects.toThrow(/does not keep it any more/);
  await third.close();
});

test.skipIf(noBrowser)(
  "a page without the functions opens networks of the hub and of files",
  async () => {
    const { network, data } = split(NETWORK);
    const files: Readonly<Record<string, Uint8Array | string>> = {
      "onnx/model.onnx": network,
      "onnx/weights.bin": data,
      "config.json": JSON.stringify({ id2label: { ...LABELS } }),
      "preprocessor_config.json": JSON.stringify({
        size: { height: SIDE, width: SIDE },
        image_mean: IMAGENET.mean,
        image_std: IMAGENET.std,
      }),
    };
    await using hub = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      const { pathname } = new URL(request.url);
      // One repository has its network in a folder, the other at the top.
      const path = pathname.replace("/maker/small/resolve/main/", "")
        .replace(/^\/maker\/top\/resolve\/main\/(?=model|weights)/, "onnx/")
        .replace("/maker/top/resolve/main/onnx/", "none/")
        .replace("/maker/top/resolve/main/", "");
      const headers = { "Access-Control-Allow-Origin": "*" };
      const content = files[path] as BodyInit | undefined;
      return new Response(content ?? null, { status: content === undefined ? 404 : 200, headers });
    });
    await using plain = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      (request) => serveFile(harness.site, new URL(request.url).pathname),
    );
    const origin = ({ addr }: Deno.HttpServer<Deno.NetAddr>) => `http://127.0.0.1:${addr.port}`;
    const alone = await harness.newPage(origin(plain));
    const fromHub = (repository: string) =>
      alone.evaluate(
        ([repository, hub]) => globalThis.harness.openFromHub(repository, hub),
        [repository, origin(hub)],
      );
    expect(await alone.evaluate(() => globalThis.harness.listLocal())).toEqual({
      models: [],
      hasServer: false,
    });
    const opened = await fromHub("maker/small");
    expect(opened).toMatchObject({ questions: [], details: { labels: LABELS } });
    const { id } = opened as OpenedFile;
    const listed = await alone.evaluate(() => globalThis.harness.listLocal());
    expect(listed.models.map((model) => model.id)).toEqual([id]);
    // Stretched, as the hub's configuration says, which an image of the input's size does not show.
    expectClose(await classifyIn(alone, id), await classifyHere({ ...IMAGENET, shortSide: SIDE }));
    expect(await fromHub("maker/top")).toMatchObject({ details: { labels: LABELS } });
    expect(await fromHub("maker/none"))
      .toMatchObject({ fault: "no-network", message: expect.stringContaining("maker/none") });
    await alone.close();
  },
);

/** A file of the site from a static host. */
async function serveFile(root: string, path: string): Promise<Response> {
  const types: Readonly<Record<string, string>> = {
    html: "text/html",
    js: "text/javascript",
    wasm: "application/wasm",
  };
  const name = path === "/" ? "/index.html" : path;
  const type = types[name.split(".").at(-1)!] ?? "application/octet-stream";
  const bytes = await Deno.readFile(root + name).catch(() => undefined);
  return bytes
    ? new Response(bytes, { headers: { "Content-Type": type } })
    : new Response("<h1>Not found</h1>", { status: 404, headers: { "Content-Type": "text/html" } });
}

/** The network with its weights in another file. */
function split(bytes: Uint8Array<ArrayBuffer>): {
  readonly network: Uint8Array;
  readonly data: Uint8Array;
} {
  const model = decodeModel(bytes);
  const parts: Uint8Array[] = [];
  let offset = 0;
  const initializer = model.graph.initializer.map((tensor) => {
    const data = tensor.rawData!;
    const externalData = [
      { key: "location", value: "weights.bin" },
      { key: "offset", value: `${offset}` },
      { key: "length", value: `${data.length}` },
    ];
    parts.push(data);
    offset += data.length;
    return { ...tensor, rawData: undefined, dataLocation: 1, externalData };
  });
  const network = encodeModel({ ...model, graph: { ...model.graph, initializer } } as typeof model);
  const data = new Uint8Array(offset);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { network, data };
}
