import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadResvg } from "../../../shared/figure/render_png.ts";
import { findArtist } from "./artists.ts";
import { GLYPH_CLASSES } from "./classes.ts";
import { iconSvg, readIconSet } from "./icon_svg.ts";
import { ink } from "./ink.ts";
import { type Sprite, spriteOf } from "./sprite.ts";

/** Side of a rasterised glyph in pixels, unless a larger one is asked for. */
const GLYPH_SIDE = 96;

const CACHE = fileURLToPath(new URL("../../../.cache/glyphs", import.meta.url));

/** One artist's drawing of one class. */
export interface Glyph {
  /** Index in {@linkcode GLYPH_CLASSES}. */
  readonly classIndex: number;
  readonly artist: string;
  readonly plain: Sprite;
  /** With dark outlines; see {@linkcode ink}. */
  readonly inked: Sprite;
}

/** The drawings of some artists, by class. */
export type GlyphLibrary = readonly (readonly Glyph[])[];

/**
 * Every drawing of the given artists. Rasterised once, then kept in .cache/glyphs.
 *
 * @param side Of the rasterised glyphs in pixels; a power of 2 times 3.
 * @throws {RangeError} If no artist draws one of the classes.
 */
export async function loadGlyphs(
  artists: readonly string[],
  side = GLYPH_SIDE,
): Promise<GlyphLibrary> {
  const bytes = side * side * 4;
  const pen = Math.round(side / GLYPH_SIDE);
  const library: Glyph[][] = GLYPH_CLASSES.map(() => []);
  for (const artist of artists) {
    const sheet = await loadSheet(artist, side);
    for (const [classIndex, glyphs] of library.entries()) {
      const data = sheet.subarray(classIndex * bytes, (classIndex + 1) * bytes);
      if (data.every((byte) => byte === 0)) continue;
      const level = { side, data: new Uint8ClampedArray(data) };
      glyphs.push({ classIndex, artist, plain: spriteOf(level), inked: spriteOf(ink(level, pen)) });
    }
  }
  const missing = GLYPH_CLASSES.filter((_, i) => library[i].length === 0);
  if (missing.length > 0) {
    const names = missing.map(({ label }) => label).join(", ");
    throw new RangeError(`Cannot load the glyphs of ${artists.join(", ")}: none draws ${names}`);
  }
  return library;
}

/** All classes of an artist one after the other; those that the artist lacks are all zeros. */
async function loadSheet(artist: string, side: number): Promise<Uint8Array> {
  const path = `${CACHE}/${artist}-${GLYPH_CLASSES.length}x${side}-${classesKey()}.rgba`;
  if (existsSync(path)) return await readFile(path);
  const sheet = await rasterize(artist, side);
  await mkdir(CACHE, { recursive: true });
  const part = `${path}.${crypto.randomUUID()}.part`;
  await writeFile(part, sheet);
  await rename(part, path);
  return sheet;
}

/** Changes with the list of classes, so that an old cache is not taken for the new list's. */
function classesKey(): string {
  let hash = 0;
  for (const { icon } of GLYPH_CLASSES) {
    for (const letter of `${icon} `) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  }
  return hash.toString(16);
}

async function rasterize(artist: string, side: number): Promise<Uint8Array> {
  const { omitted = [], nameOf = (icon) => icon } = findArtist(artist);
  const Resvg = await loadResvg();
  const set = await readIconSet(artist);
  const sheet = new Uint8Array(GLYPH_CLASSES.length * side * side * 4);
  for (const [i, { icon }] of GLYPH_CLASSES.entries()) {
    const svg = omitted.includes(icon) ? undefined : iconSvg(set, nameOf(icon));
    if (svg === undefined) continue;
    const renderer = new Resvg(svg, { fitTo: { mode: "width", value: side } });
    const rendered = renderer.render();
    sheet.set(rendered.pixels, i * side * side * 4);
    rendered.free();
    renderer.free();
  }
  return sheet;
}
