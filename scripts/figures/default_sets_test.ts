import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encodeModel, ModelBuilder } from "../../shared/onnx/mod.ts";
import { convNet, randomTensor } from "../../tests/networks.ts";
import { buildFigures } from "./build_figures.ts";
import { mainLayers, spread } from "./default_sets.ts";
import { planFigures } from "./plan.ts";
import { presentNetworks } from "./present_networks.ts";
import { FigureStore } from "./store.ts";

let root: string;
beforeEach(async () => root = await Deno.makeTempDir());
afterEach(() => Deno.remove(root, { recursive: true }));

const folders = () => ({ folder: join(root, "gallery"), ownFolder: join(root, "own") });

async function put(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(root, name);
  await Deno.writeFile(path, bytes);
  return path;
}

test("a network of any file gets a default set of figures, kept with the user's own", async () => {
  const path = await put("mine.onnx", convNet({ height: 24, width: 24 }));
  const { networks } = await presentNetworks([], [path]);
  const jobs = await planFigures(networks, folders());
  const counts = Object.groupBy(jobs, ({ set }) => set);
  expect(Object.fromEntries(Object.entries(counts).map(([set, all]) => [set, all!.length])))
    .toEqual({
      "class-models": 5,
      "neurons": 4 * networks[0].unitLayers.length,
      "dreams": networks[0].unitLayers.length - 1,
      "weights": 1,
      "occlusion": 4,
      "gradient": 8,
      "integrated-gradients": 4,
      "cam": 4,
    });
  // A recipe is the same on every machine.
  expect(JSON.stringify(jobs.map(({ recipe }) => recipe))).not.toContain(root);

  const sets = ["weights", "gradient", "cam", "occlusion"];
  const plan = { networks, ...folders(), sets };
  await buildFigures(plan, { workers: 1, onlyPlan: false });
  expect((await new FigureStore(join(root, "own")).list()).length).toBe(17);
  const summary = JSON.parse(await Deno.readTextFile(join(root, "own/networks/mine.json")));
  expect(summary).toMatchObject({ id: "mine", input: { height: 24, width: 24 } });
  expect(summary.labels).toHaveLength(5);
});

test("a network without class scores gets no figures of classes", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 3, 16, 16]);
  const w = b.constant(randomTensor([4, 3, 3, 3], 1, 0.3), "w");
  b.output(b.op("Relu", [b.op("Conv", [x, w], { pads: [1, 1, 1, 1] }, "c")], {}, "map"));
  const path = await put("map.onnx", encodeModel(b.build()));
  const { networks } = await presentNetworks([], [path]);
  expect(networks[0].sets.map(({ id }) => id)).toEqual(["neurons", "dreams", "weights"]);
});

test("a network that is not there, or has the id of another, is refused", async () => {
  await expect(presentNetworks([], ["glyphnt"])).rejects.toThrow('"glyphnt"');
  await expect(presentNetworks([], ["glyphnt"])).rejects.toThrow("did you mean glyphnet");
  const path = await put("glyphnet.onnx", convNet());
  const gallery = [{ id: "glyphnet", unitLayers: [], sets: [] }];
  await expect(presentNetworks(gallery, [path])).rejects.toThrow("rename the file");
});

test("mainLayers() takes the last layer of each size, or layers at even steps", () => {
  const layer = (alias: string, side: number) => ({
    alias,
    tensor: alias,
    channels: 8,
    height: side,
    width: side,
  });
  const shrinking = [layer("a", 8), layer("b", 8), layer("c", 4), layer("d", 2), layer("e", 1)];
  expect(mainLayers(shrinking).map(({ alias }) => alias)).toEqual(["b", "c", "d"]);
  const tokens = Array.from({ length: 10 }, (_, i) => layer(`t${i}`, 7));
  expect(mainLayers(tokens).map(({ alias }) => alias)).toEqual(["t1", "t3", "t5", "t7", "t9"]);
  expect(spread([1, 2, 3], 5)).toEqual([1, 2, 3]);
});
