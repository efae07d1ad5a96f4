import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { readPackageFile } from "../package_file.ts";

let ready: Promise<void> | undefined;

/** The renderer, its WebAssembly started once in this process. */
export async function loadResvg(): Promise<typeof Resvg> {
  ready ??= readPackageFile(
    "@resvg/resvg-wasm/index_bg.wasm",
    new URL("@resvg/resvg-wasm/index_bg.wasm", import.meta.url),
  ).then(initWasm);
  await ready;
  return Resvg;
}

const FONT_FILES = [
  [
    "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
    new URL("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf", import.meta.url),
  ],
  [
    "@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf",
    new URL("@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf", import.meta.url),
  ],
] as const;

/** Pixels of one image: a figure of all channels of a layer has some 20 million. */
const MOST_PIXELS = 64e6;

let fonts: Promise<Uint8Array[]> | undefined;

export interface RenderOptions {
  /** Pixels a CSS pixel; fewer where the image would be too large to be drawn. @default 2 */
  readonly factor?: number;
  /** Further fonts, TTF or OTF, for scripts that Noto Sans does not have. @default none */
  readonly fallbacks?: readonly Uint8Array[];
}

/** An SVG as PNG, its text in Noto Sans, which has Latin, Greek, Cyrillic and Devanagari. */
export async function renderPng(
  svg: string,
  { factor = 2, fallbacks = [] }: RenderOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const Resvg = await loadResvg();
  const own = await (fonts ??= Promise.all(
    FONT_FILES.map(([file, bundled]) => readPackageFile(file, bundled)),
  ));
  const fontBuffers = [...own, ...fallbacks];
  const font = { fontBuffers, defaultFontFamily: "Noto Sans", sansSerifFamily: "Noto Sans" };
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  const value = Math.min(factor, Math.sqrt(MOST_PIXELS / (width * height)));
  const drawn = new Resvg(svg, { font, fitTo: { mode: "zoom", value } });
  try {
    return new Uint8Array(drawn.render().asPng());
  } finally {
    drawn.free();
  }
}
