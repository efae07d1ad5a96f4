import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  decodeModel,
  encodeModel,
  GraphIndex,
  inferShapes,
  ModelBuilder,
  upgradeModel,
} from "../shared/onnx/mod.ts";
import { modelMirror, skipWithout } from "../tests/data.ts";
import { convNet } from "../tests/networks.ts";
import { findModel, listModels, openModel } from "./mod.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "models-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const network = convNet({ height: 24, width: 32 });
const folders = () => ({ mirror: join(folder, "mirror"), cache: join(folder, "cache") });

async function put(path: string, content: Uint8Array | object): Promise<string> {
  const full = join(folder, path);
  await Deno.mkdir(join(full, ".."), { recursive: true });
  const bytes = content instanceof Uint8Array
    ? content
    : new TextEncoder().encode(JSON.stringify(content));
  await Deno.writeFile(full, bytes);
  return full;
}

test("listModels() reads every manifest; ids are unique", () => {
  const ids = listModels().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("bvlcalexnet-12");
  expect(findModel("Xenova/resnet-18")?.id).toBe("resnet-18");
});

test("openModel() says how to get a network that is not here", async () => {
  const open = openModel("googlenet-12", { folders: folders() });
  await expect(open).rejects.toMatchObject({ kind: "network-missing" });
  await expect(open).rejects.toThrow(
    'Cannot open the network googlenet-12: it is not on this machine; get it with "deno task ' +
      'fetch googlenet-12" (28.0 MB, licence: Apache-2.0)',
  );
  await expect(openModel("googlenet-bvlc", { folders: folders() })).rejects.toThrow(
    "set MODEL_MIRROR to a folder that has it",
  );
});

test("openModel() asks the mirror first, then the cache, by id and by repository", async () => {
  const cached = await put("cache/Xenova/resnet-18/onnx/model.onnx", network);
  expect((await openModel("resnet-18", { folders: folders() })).path).toBe(cached);
  const mirrored = await put("mirror/Xenova/resnet-18/onnx/model.onnx", network);
  expect((await openModel("resnet-18", { folders: folders() })).path).toBe(mirrored);
  const byId = await put("mirror/resnet-18/onnx/model.onnx", network);
  const { path, labels } = await openModel("Xenova/resnet-18", { folders: folders() });
  expect([path, labels?.length]).toEqual([byId, 1000]);
});

test("openModel() refuses a file of another size or of other bytes, each time", async () => {
  const path = await put("mirror/squeezenet1.1/onnx/model.onnx", network);
  for (let i = 0; i < 2; i++) {
    const open = openModel("squeezenet1.1", { folders: folders() });
    await expect(open).rejects.toMatchObject({ kind: "unusable-network" });
    await expect(open).rejects.toThrow(`has ${network.length} bytes, expected 4951300; delete it`);
  }
  await Deno.writeFile(path, new Uint8Array(4951300));
  await expect(openModel("squeezenet1.1", { folders: folders() })).rejects.toThrow(
    /has the SHA-256 [0-9a-f]{64}, expected 9c5ae859/,
  );
});

test("openModel() names networks most like one that is not known", async () => {
  await expect(openModel("sqeezenet1.1", { folders: folders() })).rejects.toThrow(
    /not the path of an \.onnx file; did you mean squeezenet1\.1/,
  );
  for (const name of ["../mirror", "a/../../b", "/etc", ""]) {
    await expect(openModel(name, { folders: folders() })).rejects.toThrow(RangeError);
  }
});

test("openModel() reads a user's own network: size from its graph, or from options", async () => {
  const path = await put("own/net.onnx", network);
  const { manifest, labels } = await openModel(path);
  expect([manifest.id, manifest.input.height, manifest.input.width, labels])
    .toEqual(["net", 24, 32, undefined]);
  const options = { channelOrder: "BGR", scale: 1, mean: [1, 2, 3] } as const;
  expect((await openModel(path, { input: options })).manifest.input).toMatchObject(options);
  await expect(openModel(join(folder, "none.onnx"))).rejects.toThrow("there is no such file");
});

test.each([
  ["the channels last", ["N", 24, 32, 3]],
  ["open extents", [-1, 3, null, "W"]],
])("openModel() reads the size of an image with %s", async (_, dims) => {
  const b = new ModelBuilder();
  b.output(b.op("Relu", [b.input("x", dims)], {}, "y"));
  const path = await put("own/other.onnx", encodeModel(b.build()));
  const { manifest } = await openModel(path, { openSize: { height: 24, width: 32 } });
  expect([manifest.input.height, manifest.input.width]).toEqual([24, 32]);
});

test("openModel() reads the manifest and the labels beside a user's network", async () => {
  const path = await put("own/net.onnx", network);
  const { input } = (await openModel(path)).manifest;
  await put("own/net.json", { input, labels: { file: "names.json", offset: 1 } });
  await put("own/names.json", ["ant", "bee", "cat", "dog"]);
  expect((await openModel(path)).labels).toEqual(["background", "ant", "bee", "cat", "dog"]);
  await put("own/net.json", { input, sha256: "0".repeat(64) });
  await expect(openModel(path)).rejects.toThrow("correct its manifest if the network has changed");
  await put("own/net.json", { input: { ...input, height: "24" } });
  await expect(openModel(path)).rejects.toThrow("input.height: expected number, received string");
  await put("own/net.json", new TextEncoder().encode("{"));
  await expect(openModel(path)).rejects.toThrow("it is not JSON");
});

test("openModel() uses the hub's configuration around a file in the hub's layout", async () => {
  const path = await put("some/net/onnx/model.onnx", network);
  await put("some/net/config.json", { id2label: { 0: "ant", 1: "bee" } });
  await put("some/net/preprocessor_config.json", { size: { height: 24, width: 32 } });
  const { manifest, labels } = await openModel(path);
  expect([manifest.id, manifest.input.mean[0], labels]).toEqual(["net", 0.485, ["ant", "bee"]]);
});

test.skipIf(skipWithout(modelMirror, "the layers of the manifests"))(
  "every manifest names tensors of its network, and no alias hides another tensor",
  async () => {
    for (const manifest of listModels().filter(({ layers }) => layers)) {
      const { bytes, labels } = await openModel(manifest.id);
      const index = new GraphIndex(decodeModel(bytes).graph);
      const { logits, probabilities, features } = manifest.outputs ?? {};
      const tensors = manifest.layers!.map(({ tensor }) => tensor);
      for (const name of [...tensors, logits, probabilities, features]) {
        if (name !== undefined) expect(index.producer(name), `${manifest.id} ${name}`).toBeTruthy();
      }
      for (const { alias, tensor } of manifest.layers!) {
        expect(alias === tensor || !index.producer(alias), `${manifest.id} ${alias}`).toBe(true);
      }
      const order = tensors.map((name) => index.order.indexOf(index.producer(name)!));
      expect(order, manifest.id).toEqual(order.toSorted((a, b) => a - b));
      if (!manifest.labels) continue;
      const facts = inferShapes(upgradeModel(decodeModel(bytes)));
      expect(labels?.length, manifest.id).toBe(facts.get(logits!)!.dims[1]);
    }
  },
);
