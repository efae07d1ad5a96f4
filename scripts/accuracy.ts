/**
 * `deno task accuracy [--photos <folder>] [<id>...]`: how often each network names the photos of a
 * folder right. Preprocessing is right when the published figures come out.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { listModels, locateModel, openModel } from "../models/mod.ts";
import { decodeImage } from "../shared/image/mod.ts";
import { preprocess } from "../shared/models/mod.ts";
import { classScores } from "../shared/network/class_scores.ts";
import { openNetwork } from "../shared/network/open_network.ts";

const USAGE = `usage: deno task accuracy [--photos <folder>] [<id>...]

Counts how often the class of a photo is a network's first answer (top-1) and among its first five
(top-5). Photos are named <class>_<label>.jpg, with classes counted as ILSVRC's 0 to 999.

  --photos <folder>   default: the environment variable PHOTOS, or ../photos beside MODEL_MIRROR,
                      and there the folder corpus
  <id>...             default: every classifier that is on this machine`;

const WRONG_USAGE = 2;
const NAME = /^(\d+)_.*\.(?:jpe?g|png|webp)$/i;

interface Photo {
  readonly path: string;
  /** Counted from the first label. */
  readonly label: number;
}

interface Accuracy {
  readonly top1: number;
  readonly top5: number;
}

/** The photos of a folder, in the order of their names. */
function photosIn(folder: string): Photo[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    const label = NAME.exec(name)?.[1];
    return label === undefined ? [] : [{ path: join(folder, name), label: Number(label) }];
  }).sort((a, b) => a.path.localeCompare(b.path, "en"));
}

/** Share of photos whose class is the first, or among the first five. */
async function accuracyOf(id: string, photos: readonly Photo[]): Promise<Accuracy> {
  const source = await openModel(id);
  const { input, labels } = source.manifest;
  await using network = await openNetwork(source, { backend: "wasm" });
  let [top1, top5] = [0, 0];
  for (const { path, label } of photos) {
    const image = await decodeImage(await Deno.readFile(path));
    const { logits } = await classScores(network, preprocess(image, input).tensor);
    const own = logits[label + (labels?.offset ?? 0)];
    const better = logits.reduce((count, score) => count + (score > own ? 1 : 0), 0);
    if (better < 1) top1++;
    if (better < 5) top5++;
  }
  return { top1: top1 / photos.length, top5: top5 / photos.length };
}

function defaultFolder(): string | undefined {
  const mirror = Deno.env.get("MODEL_MIRROR");
  const photos = Deno.env.get("PHOTOS") || (mirror && join(mirror, "..", "photos"));
  return photos ? join(photos, "corpus") : undefined;
}

/** Runs the command. @returns The exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { photos: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const folder = values.photos ?? defaultFolder();
  if (folder === undefined || !existsSync(folder)) {
    console.error(`Cannot measure: there is no folder ${folder ?? "of photos"}\n\n${USAGE}`);
    return WRONG_USAGE;
  }
  const photos = photosIn(folder);
  if (photos.length === 0) {
    console.error(`Cannot measure: ${folder} has no file named <class>_<label>.jpg`);
    return WRONG_USAGE;
  }
  const here = listModels().filter((manifest) => manifest.labels && locateModel(manifest));
  const ids = positionals.length > 0 ? positionals : here.map(({ id }) => id);
  console.log(`${photos.length} photos of ${folder}\n`);
  console.log(`${"network".padEnd(22)} top-1 %  top-5 %  seconds`);
  for (const id of ids) {
    const start = performance.now();
    const { top1, top5 } = await accuracyOf(id, photos);
    const figures = [100 * top1, 100 * top5, (performance.now() - start) / 1000];
    console.log(id.padEnd(22) + figures.map((figure) => figure.toFixed(1).padStart(8)).join(" "));
  }
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
