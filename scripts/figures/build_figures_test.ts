import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { buildFigures } from "./build_figures.ts";
import { filesOf } from "../../shared/gallery/gallery_figure.ts";
import { checkFiles } from "./check.ts";
import type { FigureOptions, GalleryNetwork } from "./figure_set.ts";
import { planFigures } from "./plan.ts";
import { FigureStore } from "./store.ts";

let root: string;
beforeEach(async () => root = await Deno.makeTempDir());
afterEach(() => Deno.remove(root, { recursive: true }));

/** Occlusion maps of the shipped samples: one a sample and choice of options. */
const networks = (...choices: FigureOptions[]): GalleryNetwork[] => [{
  id: "glyphnet",
  unitLayers: ["conv1"],
  sets: [
    { id: "occlusion", method: "occlusion", images: "samples", options: () => choices },
  ],
}];

const COARSE = { window: 48, stride: 48 };

const planOf = (...choices: FigureOptions[]) => ({
  networks: networks(...choices),
  folder: join(root, "gallery"),
  ownFolder: join(root, "own"),
});
const store = () => new FigureStore(join(root, "gallery"));
const build = { workers: 2, onlyPlan: false };

/** Makes all files an hour old. */
async function age(): Promise<void> {
  const then = new Date(Date.now() - 3_600_000);
  for await (const { name } of Deno.readDir(join(root, "gallery"))) {
    await Deno.utime(join(root, "gallery", name), then, then);
  }
}

/** Time of the last change of every figure's file. */
async function stamps(): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for await (const { name, isFile } of Deno.readDir(join(root, "gallery"))) {
    if (!isFile) continue;
    times[name] = (await Deno.stat(join(root, "gallery", name))).mtime!.getTime();
  }
  return times;
}

test("a plan only grows by the figures that an option touches", async () => {
  const before = await planFigures(networks(COARSE), planOf());
  const after = await planFigures(networks(COARSE, { ...COARSE, fill: "mean" }), planOf());
  const ids = (jobs: typeof before) => jobs.map(({ id }) => id);
  expect(new Set(ids(after)).size).toBe(2 * before.length);
  expect(ids(after)).toEqual(expect.arrayContaining(ids(before)));
  expect(before[0].recipe.options).toMatchObject({ window: 48, fill: "zero", seed: 0 });
});

test("figures are made once, and made again only where something changed", async () => {
  await buildFigures(planOf(COARSE), build);
  const first = await stamps();
  expect(await store().list()).toHaveLength((await planFigures(networks(COARSE), planOf())).length);
  for (const id of await store().list()) expect(await checkFiles(id, store())).toEqual([]);

  await buildFigures(planOf(COARSE), build);
  expect(await stamps()).toEqual(first);

  const changed = { ...COARSE, fill: "mean" };
  await buildFigures(planOf(changed), build);
  const second = await stamps();
  expect(Object.keys(second)).toHaveLength(Object.keys(first).length);
  for (const name of Object.keys(first)) expect(second[name], name).toBeUndefined();
});

test("a lost or changed file is found", async () => {
  await buildFigures(planOf(COARSE), build);
  const [id] = await store().list();
  const [first, second] = filesOf(await store().read(id));
  await Deno.writeFile(join(root, "gallery", first.file), new Uint8Array(3));
  await Deno.remove(join(root, "gallery", second.file));
  expect(await checkFiles(id, store())).toEqual([
    `${first.file}: it was changed`,
    `${second.file}: it is missing`,
  ]);
});

test("damaged figures are named and made again, and those of no plan removed", async () => {
  await buildFigures(planOf(COARSE), build);
  const ids = await store().list();
  const path = (name: string) => join(root, "gallery", name);
  const [lost] = filesOf(await store().read(ids[2]));
  await Deno.truncate(path(`${ids[0]}.json`), 100);
  await Deno.truncate(path(`${ids[1]}.json`));
  await Deno.remove(path(lost.file));
  await Deno.writeTextFile(path(`${"0".repeat(20)}.json`), "{");
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(line));
  await buildFigures(planOf(COARSE), build);
  vi.restoreAllMocks();
  for (const id of [ids[0], ids[1]]) {
    expect(lines).toContainEqual(
      expect.stringMatching(`^Cannot read .*${id}.json: .*; the figure is made again$`),
    );
  }
  expect(lines).toContainEqual(expect.stringMatching(`${ids[2]}.*webp: it is missing`));
  expect(lines).toContainEqual(expect.stringMatching("0000.json: .*; it is removed$"));
  expect(await store().list()).toEqual(ids);
  for (const id of ids) expect(await checkFiles(id, store())).toEqual([]);
});

test("what cannot be written leaves no part of it", async () => {
  await buildFigures(planOf(COARSE), build);
  const [id] = await store().list();
  const figure = await store().read(id);
  const [{ file }] = filesOf(figure);
  await Deno.remove(join(root, "gallery", file));
  // As a full disk does, only sooner: the file cannot come to its place.
  await Deno.mkdir(join(root, "gallery", file));
  const written = store().write(figure, new Map([[file, new Uint8Array(3)]]));
  await expect(written).rejects.toThrow(/^Cannot write .*webp: /);
  const names = await Array.fromAsync(Deno.readDir(join(root, "gallery")), ({ name }) => name);
  expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("a killed run leaves nothing that the next does not mend", async () => {
  const child = () =>
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--allow-read",
        `--allow-write=${root},.cache`,
        "--allow-env",
        fileURLToPath(new URL("../../tests/build_gallery.ts", import.meta.url)),
        root,
      ],
      stdout: "null",
    }).spawn();
  const killed = child();
  // The first figure is there: so the second is under way.
  await expect.poll(() => store().list(), { interval: 20, timeout: 300_000 }).not.toEqual([]);
  killed.kill("SIGKILL");
  await killed.status;
  await Deno.writeTextFile(join(root, "gallery", `${"0".repeat(20)}.map.webp`), "left over");
  await Deno.writeTextFile(join(root, "gallery", `${"1".repeat(20)}.json.x.part`), "half");
  const survivors = await store().list();
  await age();

  expect((await child().status).success).toBe(true);
  const ids = await store().list();
  expect(ids).toEqual(expect.arrayContaining(survivors));
  expect(ids).toHaveLength((await planFigures(networks(COARSE), planOf())).length);
  const named = new Set<string>();
  for (const id of ids) {
    expect(await checkFiles(id, store())).toEqual([]);
    named.add(`${id}.json`);
    for (const { file } of filesOf(await store().read(id))) named.add(file);
  }
  expect(new Set(Object.keys(await stamps()))).toEqual(named);
});

test("a figure that cannot be made is named, and the others are made", async () => {
  const plan = planOf(COARSE, { ...COARSE, window: 97 });
  await expect(buildFigures(plan, build)).rejects.toThrow(/^Cannot make 8 figures/);
  expect(await store().list()).toHaveLength(8);
});
