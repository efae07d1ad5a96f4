/**
 * `deno task scenes`: renders the drawn scenes of `site/samples/scenes` as WebP into
 * `site/public/samples/scenes`.
 *
 * @module
 */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderPng } from "../shared/figure/render_png.ts";
import { decodeImage, encodeWebp } from "../shared/image/mod.ts";

const DRAWINGS = fileURLToPath(new URL("../site/samples/scenes", import.meta.url));
const IMAGES = fileURLToPath(new URL("../site/public/samples/scenes", import.meta.url));

const QUALITY = 90;

/** A drawing as the file that ships; the same bytes for the same drawing. */
export async function renderScene(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  return await encodeWebp(await decodeImage(await renderPng(svg, { factor: 1 })), {
    quality: QUALITY,
  });
}

if (import.meta.main) {
  await Deno.mkdir(IMAGES, { recursive: true });
  for await (const { name } of Deno.readDir(DRAWINGS)) {
    const svg = await Deno.readTextFile(join(DRAWINGS, name));
    await Deno.writeFile(join(IMAGES, `${basename(name, ".svg")}.webp`), await renderScene(svg));
  }
}
