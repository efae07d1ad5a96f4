import { join } from "node:path";
import { expect, test } from "vitest";
import { openModel } from "../../models/mod.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { bootstrapMean } from "./bootstrap.ts";
import { KeptResults } from "./kept_results.ts";
import { localisation } from "./localisation.ts";
import { MAP_METHODS } from "./map_methods.ts";

const withFolder = async (job: (folder: string) => Promise<void>) => {
  const folder = await Deno.makeTempDir();
  try {
    await job(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
};

test("localisation ranks all methods, and goes on with what is kept", () =>
  withFolder(async (folder) => {
    const path = join(folder, "kept.jsonl");
    await using network = await openNetwork(await openModel("glyphnet"), { backend: "wasm" });
    // All but two are there already.
    const made = MAP_METHODS.slice(2).map(({ name }, i) =>
      JSON.stringify([`localisation glyphnet ${name} 0`, { main: i / 100, hit: 0 }]) + "\n"
    );
    await Deno.writeTextFile(path, made.join("") + '["localisation glyphnet gradient 0", {"ma');
    const run = async () =>
      await localisation.run(
        network,
        1,
        new AbortController().signal,
        await KeptResults.open(path),
      );
    const rows = await run();
    expect(rows.map(({ rank }) => rank)).toEqual(MAP_METHODS.map((_, i) => i + 1));
    const means = rows.map((row) => parseFloat(`${row["main object"]}`));
    expect(means).toEqual(means.toSorted((a, b) => b - a));
    const third = rows.find(({ method }) => method === MAP_METHODS[5].name);
    expect(third).toMatchObject({ "main object": "0.030 (0.030 to 0.030)" });
    expect(await run()).toEqual(rows);
  }));

test("the bootstrap's interval is that of the mean, and of one value nothing wide", () => {
  expect(bootstrapMean([3, 3, 3])).toEqual({ mean: 3, low: 3, high: 3 });
  const values = Array.from({ length: 400 }, (_, i) => normalAt(5, i));
  const { mean, low, high } = bootstrapMean(values);
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 400);
  // 1.96 standard errors either way; 2000 draws know them to some per cent.
  const error = 1.96 * deviation / Math.sqrt(400);
  expect((mean - low) / error).toBeCloseTo(1, 0.5);
  expect((high - mean) / error).toBeCloseTo(1, 0.5);
});
