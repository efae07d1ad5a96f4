import { extname, join } from "node:path";

/** Letters that Noto Sans, which comes with the project, does not have. */
const OTHERS =
  /[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Devanagari}\p{Script=Common}\p{Script=Inherited}]/u;

/** Whether a text has letters for which another font is needed. */
export const hasOtherScripts = (text: string): boolean => OTHERS.test(text);

/**
 * The fonts in the folder that FIGURE_FONTS names. Without it the PNG shows boxes; the SVG is drawn
 * with the fonts of whoever opens it.
 */
export async function readFonts(): Promise<Uint8Array[]> {
  const folder = Deno.env.get("FIGURE_FONTS");
  if (folder === undefined) {
    console.error(
      "The labels have letters that Noto Sans lacks: the SVG shows them, the PNG has boxes; set " +
        "FIGURE_FONTS to a folder of .ttf or .otf files that have them",
    );
    return [];
  }
  const fonts: Uint8Array[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^\.(ttf|otf|ttc)$/i.test(extname(name))) {
      fonts.push(await Deno.readFile(join(folder, name)));
    }
  }
  return fonts;
}
