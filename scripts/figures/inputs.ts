import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InputRef } from "../../shared/gallery/recipe.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import type { Image } from "../../shared/image/image.ts";
import { preprocess, preprocessPlaced } from "../../shared/models/preprocess.ts";
import { sha256 } from "../../shared/models/sha256.ts";
import type { Network } from "../../shared/network/network.ts";
import type { Corpus, MethodInput } from "../../shared/contract/method.ts";
import { folderCorpus } from "../cli/folder_corpus.ts";
import { imagePaths } from "../cli/image_paths.ts";
import { TRAINING_ARTISTS } from "../glyphnet/drawings/artists.ts";
import { GLYPH_CLASSES } from "../glyphnet/drawings/classes.ts";
import { loadGlyphs } from "../glyphnet/drawings/glyph_library.ts";
import { EVALUATION_SEED, renderScene } from "../glyphnet/drawings/scene.ts";
import { digitOf, DIGITS, DIGITS_SHA256, readDigits } from "./digits.ts";
import type { CorpusSource, ImageSource } from "./figure_set.ts";

const pathTo = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Folders of the images that ship with the project. */
const SHIPPED: Readonly<Record<string, string>> = {
  samples: pathTo("models/glyphnet/samples"),
  drawings: pathTo("site/public/samples/scenes"),
};

/** Scenes of the corpus that is rendered; classes take turns. */
export const SCENES = 512;

const textHash = (text: string) => sha256(new TextEncoder().encode(text));

/** What was hashed already: each source is looked at once by a process. */
const hashed = new Map<string, Promise<InputRef[]>>();
const corpora = new Map<string, Promise<InputRef>>();

/** The images that a set is made of. */
export function imageRefs(
  source: ImageSource,
  images?: string,
): Promise<InputRef[]> {
  return remember(hashed, `${source} ${images}`, async () => {
    const folder = SHIPPED[source] ?? images!;
    const paths = await imagePaths(folder);
    return await Promise.all(paths.map(async (path) => ({
      name: `${source}/${path}`,
      sha256: await sha256(await Deno.readFile(join(folder, path))),
    })));
  });
}

/** The folder of images that a set is made of. */
export function corpusRef(source: CorpusSource, images?: string): Promise<InputRef> {
  return remember(corpora, `${source} ${images}`, async () => {
    if (source === "digits") return { name: `digits/${DIGITS}`, sha256: DIGITS_SHA256 };
    if (source === "scenes") {
      return { name: `scenes/${SCENES}`, sha256: await hashOf(await sceneImages(SCENES)) };
    }
    const all = await imageRefs(source, images);
    return { name: source, sha256: await textHash(all.map((one) => Object.values(one)).join()) };
  });
}

function remember<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}

/** @throws {Error} If the image is not there, or no longer the one that is meant. */
export async function openImage(
  { name, sha256: expected }: InputRef,
  network: Network,
  images?: string,
): Promise<MethodInput> {
  const [source, ...rest] = name.split("/");
  const path = join(SHIPPED[source] ?? images ?? "", ...rest);
  const bytes = await Deno.readFile(path);
  if (await sha256(bytes) !== expected) {
    throw new Error(`Cannot use ${path}: it has changed since the figures were planned`);
  }
  return preprocessPlaced(await decodeImage(bytes), network.manifest.input);
}

/** @throws {Error} If it is no longer the one that is meant. */
export async function openCorpus(
  { name, sha256: expected }: InputRef,
  network: Network,
  images?: string,
): Promise<Corpus> {
  const source = name.split("/")[0] as CorpusSource;
  if (source === "digits") return await digitsCorpus(expected, network);
  const now = await corpusRef(source, images);
  requireSame(now.sha256, expected);
  if (source !== "scenes") return await folderCorpus(SHIPPED[source] ?? images!, network);
  const count = Number(basename(name));
  const scenes = await sceneImages(count);
  return {
    count,
    nameOf: (index) => `scene ${index}`,
    labelOf: (index) => GLYPH_CLASSES[index % GLYPH_CLASSES.length].label,
    read: (index) => Promise.resolve(preprocess(scenes[index], network.manifest.input)),
  };
}

async function digitsCorpus(expected: string, network: Network): Promise<Corpus> {
  const digits = await readDigits();
  requireSame(await hashOf(digits), expected);
  return {
    count: digits.length,
    nameOf: (index) => `digit ${index}`,
    labelOf: (index) => String(digitOf(index)),
    read: (index) => Promise.resolve(preprocess(digits[index], network.manifest.input)),
  };
}

function requireSame(sha256: string, expected: string): void {
  if (sha256 === expected) return;
  throw new Error("Cannot use the corpus: it has changed since the figures were planned");
}

/** Of all pixels. */
async function hashOf(images: readonly Image[]): Promise<string> {
  const hashes = await Promise.all(images.map(({ data }) => sha256(new Uint8Array(data))));
  return await textHash(hashes.join());
}

let rendered: { readonly count: number; readonly images: Promise<Image[]> } | undefined;

/** The scenes `0` to `count - 1`; the last ones asked for are kept. */
function sceneImages(count: number): Promise<Image[]> {
  if (rendered?.count !== count) rendered = { count, images: renderScenes(count) };
  return rendered.images;
}

async function renderScenes(count: number): Promise<Image[]> {
  const library = await loadGlyphs(TRAINING_ARTISTS);
  return Array.from({ length: count }, (_, i) => {
    const options = { classIndex: i % GLYPH_CLASSES.length };
    return renderScene(library, EVALUATION_SEED, i, options).image;
  });
}
