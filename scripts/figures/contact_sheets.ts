/**
 * `deno task sheets`: a contact sheet of each method in docs/sheets, made of the gallery's figures.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { Figure } from "../../shared/figures/figure.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { encodeWebp } from "../../shared/image/encode_webp.ts";
import type { Image } from "../../shared/image/image.ts";
import { montage } from "../../shared/image/montage.ts";
import { resize } from "../../shared/image/resize.ts";
import { writeAtomically } from "../cli/write_atomically.ts";
import { FigureStore } from "./store.ts";

const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Images on a sheet, in a row, and their longer side in pixels. */
interface Layout {
  readonly most: number;
  readonly columns: number;
  readonly side: number;
}

const LAYOUT: Layout = { most: 40, columns: 8, side: 160 };

/** Images that are made of many. */
const LARGE: Layout = { most: 4, columns: 1, side: 900 };

const LAYOUTS: Readonly<Record<string, Layout>> = { inversion: LARGE };

async function main(): Promise<void> {
  const store = new FigureStore(folder("site/gallery"));
  const figures: Figure[] = [];
  for (const id of await store.list()) figures.push(await store.read(id));
  await Deno.mkdir(folder("docs/sheets"), { recursive: true });
  for (const [method, all] of Map.groupBy(figures, ({ recipe }) => recipe.method)) {
    const { most, columns, side } = LAYOUTS[method] ?? LAYOUT;
    const tiles = [];
    for (const figure of spread(all.sort(byNetworkAndSubject), most)) {
      const [{ file }] = Object.values(figure.images);
      const image = await decodeImage(await store.readFile(file));
      tiles.push({ image: shrink(image, side), title: subjectOf(figure) });
    }
    const sheet = await encodeWebp(montage(tiles, { columns }), { quality: 80 });
    console.log(await writeAtomically(folder("docs/sheets"), `${method}.webp`, sheet));
  }
}

/** The network, and what the figure is of. */
function subjectOf({ recipe, measures }: Figure): string {
  const { target } = measures;
  const { unit, layer, method, rule, recipe: how } = recipe.options;
  const subject = typeof target === "string"
    ? target.split(",")[0]
    : unit ?? rule ?? method ?? layer;
  const made = typeof how === "string" && how !== "fourier" ? `, ${how}` : "";
  return `${subject ?? recipe.model.id}${made}`;
}

function byNetworkAndSubject(a: Figure, b: Figure): number {
  const keyOf = (figure: Figure) =>
    `${figure.recipe.model.id} ${figure.recipe.options.recipe ?? ""} ${subjectOf(figure)}`;
  return keyOf(a).localeCompare(keyOf(b), "en", { numeric: true });
}

function spread<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor(i * step)],
  );
}

/** Tall sheets are cut to their beginning. */
function shrink(image: Image, side: number): Image {
  const height = Math.min(image.height, Math.round(1.4 * image.width));
  const cut = {
    width: image.width,
    height,
    data: image.data.subarray(0, image.width * height * 4),
  };
  const factor = side / Math.max(cut.width, cut.height);
  return resize(cut, Math.round(cut.width * factor), Math.round(cut.height * factor));
}

await main();
