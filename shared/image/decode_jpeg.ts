import { decodeWithCodec } from "./decode_with_codec.ts";
import { damaged } from "./image_error.ts";
import type { Ink, JpegHeader } from "./jpeg_header.ts";
import type { Raster } from "./raster.ts";

const FORMAT = "JPEG";
const MAKES_NO_SENSE = "its data make no sense";
const EOI = [0xff, 0xd9];

/** The part of pdf.js that is used here; it comes without types. */
interface JpegImage {
  readonly width: number;
  readonly height: number;
  parse(file: Uint8Array): void;
  /** Interleaved levels of all channels. */
  getData(options: { width: number; height: number; isSourcePDF: true }): Uint8ClampedArray;
}

interface PdfDecoders {
  readonly JpegImage: new () => JpegImage;
  setVerbosityLevel(level: number): void;
}

/**
 * Decodes the pixels of a JPEG file: grey, colour, or the four inks of print.
 *
 * @throws {ImageError} If the data are damaged, or end before the last pixel.
 */
export async function decodeJpeg(file: Uint8Array, { ink, isCut }: JpegHeader): Promise<Raster> {
  if (ink) return await decodeInk(file, ink);
  // Without its end the codec would not tell it from a file that lacks pixels.
  const whole = isCut ? withEnd(file) : file;
  return await decodeWithCodec("jpegDecoder", FORMAT, (codec) => codec.decode(whole, false));
}

function withEnd(file: Uint8Array): Uint8Array {
  const whole = new Uint8Array(file.length + EOI.length);
  whole.set(file);
  whole.set(EOI, file.length);
  return whole;
}

/**
 * Four channels of ink, by pdf.js: the WebAssembly codec knows no CMYK. What the inks let through
 * of white is multiplied, as browsers and Pillow do, without a press's colour profile.
 */
async function decodeInk(file: Uint8Array, ink: Ink): Promise<Raster> {
  const { JpegImage, setVerbosityLevel }: PdfDecoders = await import(
    "pdfjs-dist/image_decoders/pdf.image_decoders.min.mjs"
  );
  // Its warnings would go to the console.
  setVerbosityLevel(0);
  const image = new JpegImage();
  let inks: Uint8ClampedArray;
  try {
    image.parse(file);
    const { width, height } = image;
    // As "a PDF's", levels are left as they are in the file.
    inks = image.getData({ width, height, isSourcePDF: true });
  } catch (error) {
    const { name, message } = error as Error;
    // Anything else is what it stumbled over, and says nothing to a person.
    const reason = name === "JpegError" ? message.replace(/^JpegError: /, "") : MAKES_NO_SENSE;
    throw damaged(FORMAT, reason, { cause: error });
  }
  const { width, height } = image;
  const through = ink === "inverted CMYK"
    ? (level: number) => level
    : (level: number) => 255 - level;
  for (let i = 0; i < inks.length; i += 4) {
    const black = through(inks[i + 3]);
    for (let c = 0; c < 3; c++) inks[i + c] = through(inks[i + c]) * black / 255;
    inks[i + 3] = 255;
  }
  const note = ink === "CMYK"
    ? "its colours are CMYK without Adobe's marker: 0 is taken as no ink"
    : "its colours are CMYK, converted without a profile of a press";
  return { width, height, data: inks, notes: [note] };
}
