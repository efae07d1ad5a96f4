import { fileURLToPath } from "node:url";
import { decodeImage } from "../../../shared/image/mod.ts";
import { mutateBytes } from "../mutate_bytes.ts";
import { readFiles } from "../seeds/read_files.ts";
import { Mismatch, type Target } from "../target.ts";

const FILES = fileURLToPath(new URL("../seeds/images", import.meta.url));
const ENDINGS = [".png", ".jpg", ".webp", ".gif", ".avif"];

/** Parts of the formats, in and out of their places. */
const WORDS = [
  ...["IHDR", "IDAT", "PLTE", "tRNS", "iCCP", "gAMA", "cHRM", "acTL", "fdAT", "IEND"],
  ...["RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "ANIM", "ANMF", "ALPH", "Exif\0\0", "GIF89a"],
  ...["ftyp", "avif", "meta", "iprp", "ipco", "ispe", "iloc", "iinf", "Adobe", "ICC_PROFILE\0"],
];

/** Larger ones are right, and take long. */
const MAX_PIXELS = 2 ** 20;

export const images: Target = {
  name: "images",
  summary: "headers and decoders of images",
  seeds: () => readFiles(FILES, ENDINGS),
  endings: ENDINGS,
  mutate: (draw, seeds) => mutateBytes(draw, seeds, WORDS),
  async run(bytes) {
    const { width, height, data } = await decodeImage(bytes, { maxPixels: MAX_PIXELS });
    if (data.length === 4 * width * height && data.length > 0) return;
    throw new Mismatch(`${width} x ${height} pixels have ${data.length} bytes`);
  },
  batch: 5_000,
};
