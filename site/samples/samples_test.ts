/** Drawings that networks of photographs take for what they show. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { decodeImage } from "../../shared/image/mod.ts";
import { preprocess } from "../../shared/models/mod.ts";
import { classScores } from "../../shared/network/class_scores.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { modelMirror, skipWithout } from "../../tests/data.ts";

const FOLDER = new URL("../public/samples/", import.meta.url);
const README = await Deno.readTextFile(new URL("./README.md", import.meta.url));

/** The columns of the table. */
const NETWORKS = ["googlenet-bvlc", "squeezenet1.1", "mobilenetv2-1.0-224"] as const;

/** The rows of the table: a file, its class, and the probability that each network gives it. */
const ROWS = [...README.matchAll(/^\| `(\S+)`\s*\|([^|\n]+)\|([^\n]+)\|$/gm)].map((
  [, file, name, cells],
) => ({
  file,
  name: name.trim(),
  probabilities: cells.split("|").map((cell) => Number(cell) / 100),
}));

const SCENES = [...Deno.readDirSync(new URL("./scenes/", import.meta.url))]
  .map(({ name }) => name.replace(".svg", "")).sort();

test("every drawn scene but the skies is in the table, with a class that it is taken for", () => {
  const listed = ROWS.filter(({ file }) => file.startsWith("scenes/"))
    .map(({ file }) => file.replace(/^scenes\/|\.webp$/g, ""));
  expect(listed.sort()).toEqual(SCENES.filter((name) => !name.endsWith("_sky")));
  expect(listed.length).toBeGreaterThanOrEqual(16);
  for (const { probabilities } of ROWS) {
    expect(probabilities).toHaveLength(NETWORKS.length);
    expect(Math.max(...probabilities)).toBeGreaterThan(0.5);
  }
});

let networks: readonly Network[] = [];
beforeAll(async () => {
  if (!modelMirror) return;
  networks = await Promise.all(
    NETWORKS.map(async (id) => openNetwork(await openModel(id), { backend: "wasm" })),
  );
});
afterAll(() => Promise.all(networks.map((network) => network[Symbol.asyncDispose]())));

test.skipIf(skipWithout(modelMirror, "the classes of the drawn samples")).each(ROWS)(
  "$file is taken for: $name, as the table says",
  async ({ file, name, probabilities: stated }) => {
    const image = await decodeImage(await Deno.readFile(new URL(file, FOLDER)));
    for (const [i, network] of networks.entries()) {
      const index = network.labels.findIndex((label) => label.split(", ")[0] === name);
      const { tensor } = preprocess(image, network.manifest.input);
      const { probabilities } = await classScores(network, tensor);
      // The table has whole per cent.
      expect(Math.abs(probabilities[index] - stated[i])).toBeLessThan(0.0051);
    }
  },
);
