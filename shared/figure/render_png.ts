import { loadFile, loadResvg } from "./resvg.ts";

const FONT_FILES = ["400Regular/NotoSans_400Regular.ttf", "600SemiBold/NotoSans_600SemiBold.ttf"]
  .map((path) => `@expo-google-fonts/noto-sans/${path}`);

/** Pixels of one image: a figure of all channels of a layer has some 20 million. */
const MOST_PIXELS = 64e6;

let fonts: Promise<Uint8Array[]> | undefined;

/**
 * An SVG as PNG, its text in Noto Sans, which covers Latin, Greek, Cyrillic and Devanagari.
 *
 * @param factor Pixels a CSS pixel; fewer where the image would be too large to be drawn.
 */
export async function renderPng(svg: string, factor = 2): Promise<Uint8Array<ArrayBuffer>> {
  const Resvg = await loadResvg();
  const fontBuffers = await (fonts ??= Promise.all(FONT_FILES.map(loadFile)));
  const font = { fontBuffers, defaultFontFamily: "Noto Sans", sansSerifFamily: "Noto Sans" };
  const { width, height } = new Resvg(svg, { font });
  const value = Math.min(factor, Math.sqrt(MOST_PIXELS / (width * height)));
  const drawn = new Resvg(svg, { font, fitTo: { mode: "zoom", value } });
  try {
    return new Uint8Array(drawn.render().asPng());
  } finally {
    drawn.free();
  }
}
