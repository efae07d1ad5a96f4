import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import { decodeModel, encodeModel, withGraph } from "../../shared/onnx/mod.ts";
import { convNet, linearNet, randomTensor } from "../networks.ts";
import { startProxy } from "./proxy.ts";
import { type Answer, startHub } from "./server.ts";

const SCRIPT = fileURLToPath(new URL("../../scripts/fetch.ts", import.meta.url));
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const network = convNet({ height: 32, width: 32 });
/** An unlisted repository in the layout of Transformers.js. */
const repository = {
  "someone/tiny/config.json": json({
    model_type: "resnet",
    id2label: { 0: "ant", 1: "bee", 2: "cat", 3: "dog", 4: "eel" },
  }),
  "someone/tiny/preprocessor_config.json": json({
    size: { shortest_edge: 36 },
    crop_size: { height: 32, width: 32 },
    do_center_crop: true,
    image_mean: [0.1, 0.2, 0.3],
    image_std: [0.5, 0.5, 0.5],
    do_flip_channel_order: true,
  }),
  "someone/tiny/onnx/model.onnx": network,
};

let cache: string;
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "fetch-test-"));
});
afterEach(() => rm(cache, { recursive: true, force: true }));

function command(
  endpoint: string,
  args: string[],
  env: Record<string, string> = {},
): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", SCRIPT, ...args],
    env: {
      ...{ HF_ENDPOINT: endpoint, MODEL_CACHE: cache, MODEL_MIRROR: "", HF_TOKEN: "secret" },
      ...env,
    },
    stdout: "piped",
    stderr: "piped",
  });
}

async function run(endpoint: string, ...args: string[]) {
  const { code, stdout, stderr } = await command(endpoint, args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

const folders = () => ({ mirror: undefined, cache });

test("fetch gets any repository of the hub, and openModel() then knows all of it", async () => {
  await using hub = startHub({ files: repository });
  const { code, out, err } = await run(hub.url, "someone/tiny");
  expect([code, err]).toEqual([0, expect.stringContaining("someone/tiny/onnx/model.onnx: 100 %")]);
  expect(out.match(/: fetched, /g)?.length).toBe(3);
  const { manifest, labels, bytes } = await openModel("someone/tiny", { folders: folders() });
  expect(bytes).toEqual(network);
  expect(labels).toEqual(["ant", "bee", "cat", "dog", "eel"]);
  expect(manifest.input).toMatchObject({
    height: 32,
    resize: { shortSide: 36 },
    channelOrder: "BGR",
    mean: [0.3, 0.2, 0.1],
  });
});

test("fetch goes through the proxy that the environment names, and with a tunnel to https", async () => {
  await using hub = startHub({ files: repository });
  using proxy = startProxy(hub.url);
  const env = {
    ...{ HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "" },
    // Once a day Deno asks for its newest version, by the same proxy.
    DENO_NO_UPDATE_CHECK: "1",
  };
  const { code } = await command("http://hub.test/", ["someone/tiny"], env).output();
  expect(code).toBe(0);
  expect(proxy.lines[0]).toMatch(
    /^GET http:\/\/hub\.test\/someone\/tiny\/resolve\/main\/config\.json /,
  );
  expect((await openModel("someone/tiny", { folders: folders() })).bytes).toEqual(network);

  const tunnelled = await command("https://hub.test/", ["someone/other"], env).output();
  expect(tunnelled.code).toBe(1);
  expect(proxy.lines.at(-1)).toMatch(/^CONNECT hub\.test:443 /);
  const said = new TextDecoder().decode(tunnelled.stderr);
  expect(said).toContain("there is no connection to hub.test");
  expect(said).toContain(`through the proxy ${proxy.url}`);
});

/** A certificate that is for tests alone, of hub.test and cdn.test until 2126. */
const TLS = fileURLToPath(new URL("tls/", import.meta.url));
const tls = {
  cert: await Deno.readTextFile(join(TLS, "certificate.pem")),
  key: await Deno.readTextFile(join(TLS, "key.pem")),
};

test("fetch reaches a hub, and where it sends it on, through tunnels of a proxy", async () => {
  await using hub = startHub({ files: repository, tls, cdn: "https://cdn.test/" });
  const { port } = new URL(hub.url);
  using proxy = startProxy(hub.url, Number(port));
  const env = { HTTPS_PROXY: proxy.url, NO_PROXY: "", DENO_NO_UPDATE_CHECK: "1" };
  const trusted = { ...env, DENO_CERT: join(TLS, "certificate.pem") };
  const { code, stderr } = await command("https://hub.test/", ["someone/tiny"], trusted).output();
  expect([code, new TextDecoder().decode(stderr)]).toEqual([0, expect.stringContaining("100 %")]);
  expect((await openModel("someone/tiny", { folders: folders() })).bytes).toEqual(network);
  const hosts = new Set(proxy.lines.map((line) => line.replace(/ HTTP.*/, "")));
  expect([...hosts].sort()).toEqual(["CONNECT cdn.test:443", "CONNECT hub.test:443"]);
  // The token stays with the hub.
  expect(hub.requests.some(({ authorization }) => authorization === "Bearer secret")).toBe(true);
  expect(hub.byteRequests.filter(({ authorization }) => authorization !== null)).toEqual([]);

  const other = await command("https://hub.test/", ["someone/other"], env).output();
  expect(other.code).toBe(1);
  const said = new TextDecoder().decode(other.stderr);
  expect(said).toMatch(/^Cannot fetch .*: the certificate of hub\.test through the proxy/);
  expect(said).toContain("DENO_CERT");
  // Asking again would not change it.
  expect(said.trim().split("\n")).toHaveLength(1);
});

const page = new TextEncoder().encode("<!DOCTYPE html><html><body>Sign in</body></html>");

/** Where the first weights of the network lie, if not in its file. */
const DATA = "someone/tiny/onnx/model.onnx_data";
const model = decodeModel(network);
const [first, ...others] = model.graph.initializer;
const external = {
  ...first,
  rawData: undefined,
  dataLocation: 1,
  externalData: [{ key: "location", value: "model.onnx_data" }],
};
const withDataBeside = {
  ...repository,
  "someone/tiny/onnx/model.onnx": encodeModel(
    withGraph(model, { initializer: [external, ...others] }),
  ),
  [DATA]: first.rawData!.slice(),
};

const sentence = new TextEncoder().encode('"Sign in"');

test.each([
  ["someone/tiny/config.json", page],
  ["someone/tiny/config.json", sentence],
  ["someone/tiny/preprocessor_config.json", page],
  ["someone/tiny/onnx/model.onnx", page],
  [DATA, page],
])("what stands in the place of %s is not kept, and if it was, fetched again", async (...fake) => {
  const [file, text] = fake;
  await using portal = startHub({ files: { ...withDataBeside, [file]: text } });
  const { code, err } = await run(portal.url, "someone/tiny");
  expect([code, err]).toEqual([1, expect.stringContaining("nothing was kept")]);
  await expect(Deno.stat(join(cache, file))).rejects.toThrow();
  await Deno.mkdir(join(cache, file, ".."), { recursive: true });
  await Deno.writeFile(join(cache, file), text);
  await Deno.writeTextFile(join(cache, `${file}.sha256`), `${await sha256(text)}\n`);
  await using hub = startHub({ files: withDataBeside });
  expect((await run(hub.url, "someone/tiny")).code).toBe(0);
  const { labels, bytes } = await openModel("someone/tiny", { folders: folders() });
  expect(labels?.[1]).toBe("bee");
  expect(decodeModel(bytes).graph.initializer[0].rawData).toEqual(first.rawData);
});

test("a repository of timm has no preprocessor, and its network may lie at the top", async () => {
  const config = {
    label_names: ["ant", "bee", "cat", "dog", "eel"],
    pretrained_cfg: {
      input_size: [3, 32, 32],
      mean: [0.1, 0.2, 0.3],
      std: [1, 1, 1],
      crop_pct: 0.8,
    },
  };
  await using hub = startHub({
    files: { "timm/tiny/config.json": json(config), "timm/tiny/model_fp16.onnx": network },
  });
  expect((await run(hub.url, "timm/tiny")).code).toBe(0);
  const { manifest, labels, origins } = await openModel("timm/tiny", { folders: folders() });
  expect(labels?.[4]).toBe("eel");
  expect(manifest.input).toMatchObject({ mean: [0.1, 0.2, 0.3], resize: { shortSide: 40 } });
  expect(origins.mean).toBe("config.json");
});

test("fetch records the SHA-256 of a network that the catalogue has none for", async () => {
  await using hub = startHub({ files: { "Xenova/resnet-18/onnx/model.onnx": network } });
  const { code, out } = await run(hub.url, "resnet-18");
  expect([code, out]).toEqual([0, expect.stringContaining(await sha256(network))]);
  const { path } = await openModel("resnet-18", { folders: folders() });
  await Deno.writeFile(path, network.map((byte, i) => i === 99 ? byte ^ 1 : byte));
  await expect(openModel("resnet-18", { folders: folders() })).rejects.toThrow(
    /SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}; delete it, and run "deno task fetch resnet-18"/,
  );
});

test("fetch fails with one line for what is wrong, and goes on with the others", async () => {
  await using hub = startHub({
    files: { "onnxmodelzoo/googlenet-12/googlenet-12.onnx": network, ...repository },
  });
  const { code, err } = await run(hub.url, "googlenet-12", "someone/none", "nonet", "someone/tiny");
  expect(code).toBe(1);
  expect(err).toContain(`it has ${network.length} bytes, expected 28021836`);
  expect(err).toContain("someone/none/resolve/main/config.json: the answer is 404");
  expect(err).toContain('Cannot fetch "nonet": it is not in the catalogue');
  expect(err).not.toContain("    at ");
  await openModel("someone/tiny", { folders: folders() });
  await expect(openModel("googlenet-12", { folders: folders() })).rejects.toThrow(
    'deno task fetch googlenet-12" (28.0 MB, licence: Apache-2.0)',
  );
});

test("a fetch that is killed leaves nothing that is used, and the next goes on", async () => {
  const large = linearNet(randomTensor([3 * 50 * 50, 10], 1), [3, 50, 50]);
  const answers: Answer[] = [{ kind: "stall", after: 150_000 }];
  await using hub = startHub({ files: { "Xenova/resnet-50/onnx/model.onnx": large }, answers });
  const child = command(hub.url, ["resnet-50"]).spawn();
  const part = join(cache, "Xenova/resnet-50/onnx/model.onnx.part");
  await expect.poll(() => Deno.stat(part).then(({ size }) => size, () => 0), { timeout: 60_000 })
    .toBeGreaterThan(100_000);
  child.kill("SIGKILL");
  await child.output();
  await expect(openModel("resnet-50", { folders: folders() })).rejects.toMatchObject({
    kind: "network-missing",
  });
  const { code } = await run(hub.url, "resnet-50");
  expect(code).toBe(0);
  expect(hub.byteRequests[1].range).toMatch(/^bytes=1\d{5}-$/);
  expect((await openModel("resnet-50", { folders: folders() })).bytes).toEqual(large);
});

test("fetch sends the token to the hub, and not to where the hub sends it on", async () => {
  const files = { "Xenova/resnet-18/onnx/model.onnx": network };
  await using cdn = startHub({ files });
  await using hub = startHub({ files, cdn: cdn.url });
  expect((await run(hub.url, "resnet-18")).code).toBe(0);
  expect(hub.requests.map(({ authorization }) => authorization)).toEqual(["Bearer secret"]);
  expect(cdn.requests.map(({ authorization }) => authorization)).toEqual([null]);
});

test("fetch without a name prints the networks, their sizes and licences", async () => {
  const { code, err } = await run("http://127.0.0.1:9/");
  expect(code).toBe(2);
  expect(err).toMatch(/bvlcalexnet-12\s+243\.9 MB, Apache-2\.0/);
  expect(err).toMatch(/resnet-18\s+size unknown, .*SHA-256 recorded when it is first fetched/);
});

test("fetch says that a network of the mirror is not on the hub", async () => {
  const { code, err } = await run("", "googlenet-bvlc");
  expect([code, err]).toEqual([
    1,
    expect.stringContaining("it is not on the public hub; set MODEL_MIRROR"),
  ]);
});
