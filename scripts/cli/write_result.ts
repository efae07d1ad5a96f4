import { drawFigure, encodeFigure, type Figure, type ThemeName } from "../../shared/figure/mod.ts";
import { renderPng } from "../../shared/figure/render_png.ts";
import { encodePng } from "../../shared/image/encode_image.ts";
import type { MethodResult } from "../../shared/contract/method.ts";
import { encodeNpy } from "../../shared/tensor/npy.ts";
import { hasOtherScripts, readFonts } from "./fonts.ts";
import { makeFolder, writeAtomically } from "./write_files.ts";

export interface WriteOptions {
  /** Folder; made if it is not there. */
  readonly out: string;
  /** Whether arrays are written. */
  readonly raw: boolean;
  readonly theme: ThemeName;
}

/** A file's name and content. */
type Output = readonly [name: string, bytes: Uint8Array];

/**
 * Writes figures as SVG and PNG, images as PNG, other files as they are, arrays as .npy, and the
 * measures with `description` as result.json.
 *
 * @returns The paths written; result.json last, so that where it is, all is.
 */
export async function writeResult(
  { out, raw, theme }: WriteOptions,
  { figures, images, files = {}, arrays, measures }: MethodResult,
  description: Readonly<Record<string, unknown>>,
): Promise<string[]> {
  await makeFolder(out);
  const written = raw ? arrays : {};
  const result = {
    ...description,
    measures,
    figures: Object.keys(figures),
    images: Object.keys(images).map((name) => `${name}.png`),
    files: Object.keys(files),
    arrays: Object.fromEntries(
      Object.entries(written).map(([name, { dims }]) => [`${name}.npy`, dims]),
    ),
  };
  const outputs: Output[] = Object.entries(files);
  for (const [name, figure] of Object.entries(figures)) {
    outputs.push(...await drawings(name, figure, theme));
  }
  for (const [name, image] of Object.entries(images)) {
    outputs.push([`${name}.png`, encodePng(image)]);
  }
  for (const [name, tensor] of Object.entries(written)) {
    outputs.push([`${name}.npy`, encodeNpy(tensor)]);
  }
  outputs.push(["result.json", utf8(JSON.stringify(result, null, 2) + "\n")]);
  const names = outputs.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new Error(`Cannot write ${twice}: two results have that name`);
  const paths: string[] = [];
  for (const [name, bytes] of outputs) paths.push(await writeAtomically(out, name, bytes));
  return paths;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

async function drawings(name: string, figure: Figure, theme: ThemeName): Promise<Output[]> {
  const svg = drawFigure(await encodeFigure(figure), { theme });
  const fallbacks = hasOtherScripts(svg) ? await readFonts() : [];
  return [[`${name}.svg`, utf8(svg)], [`${name}.png`, await renderPng(svg, { fallbacks })]];
}
