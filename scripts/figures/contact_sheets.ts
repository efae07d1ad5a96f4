/**
 * `deno task sheets`: a contact sheet of each method in docs/sheets, made of the gallery's figures.
 *
 * @module
 */
import { spread } from "../../shared/tensor/stats.ts";
import { fileURLToPath } from "node:url";
import { imagePanel } from "../../shared/contract/panels.ts";
import { drawFigure, encodeFigure } from "../../shared/figure/mod.ts";
import { renderPng } from "../../shared/figure/render_png.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { shortLabel } from "../../shared/models/labels.ts";
import type { GalleryFigure } from "../../shared/gallery/gallery_figure.ts";
import { decodeImage } from "../../shared/image/decode_image.ts";
import { encodeWebp } from "../../shared/image/encode_image.ts";
import { writeAtomically } from "../cli/write_files.ts";
import { FigureStore } from "./store.ts";

const folder = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Images of a method, at most; in a row; and their width in CSS pixels. */
const [MOST, COLUMNS, WIDTH] = [40, 8, 150];

async function main(): Promise<void> {
  const store = new FigureStore(folder("site/gallery"));
  const figures: GalleryFigure[] = [];
  for (const id of await store.list()) figures.push(await store.read(id));
  await Deno.mkdir(folder("docs/sheets"), { recursive: true });
  for (const [method, all] of Map.groupBy(figures, ({ recipe }) => recipe.method)) {
    const panels = spread(all.sort(byNetworkAndSubject), MOST).map(async (figure, i) => {
      const [{ file }] = Object.values(figure.images);
      const image = await decodeImage(await store.readFile(file));
      const words = { id: `${i}`, title: "", text: subjectOf(figure), drawnWidth: WIDTH };
      return imagePanel(image, words);
    });
    const { title } = await loadMethod(method);
    const sheet = await encodeFigure({
      title,
      caption: `${all.length} figures in the gallery.`,
      columns: COLUMNS,
      panels: await Promise.all(panels),
    });
    const drawn = await decodeImage(await renderPng(drawFigure(sheet), { factor: 1 }));
    const bytes = await encodeWebp(drawn, { quality: 80 });
    console.log(await writeAtomically(folder("docs/sheets"), `${method}.webp`, bytes));
  }
}

/** The network, and what the figure is of. */
function subjectOf({ recipe, measures }: GalleryFigure): string {
  const { target } = measures;
  const { unit, layer, method, rule, recipe: how } = recipe.options;
  const subject = typeof target === "string" ? shortLabel(target) : unit ?? rule ?? method ?? layer;
  const made = typeof how === "string" && how !== "fourier" ? `, ${how}` : "";
  return `${subject ?? recipe.model.id}${made}`;
}

function byNetworkAndSubject(a: GalleryFigure, b: GalleryFigure): number {
  const keyOf = (figure: GalleryFigure) =>
    `${figure.recipe.model.id} ${figure.recipe.options.recipe ?? ""} ${subjectOf(figure)}`;
  return keyOf(a).localeCompare(keyOf(b), "en", { numeric: true });
}

await main();
