import type { Orientation } from "./orient.ts";
import type { FileColor } from "./file_color.ts";
import { ImageError } from "./image_error.ts";
import { readAvifHeader } from "./avif_header.ts";
import { readGifHeader } from "./gif_header.ts";
import { readJpegHeader } from "./jpeg_header.ts";
import { readPngHeader } from "./png_header.ts";
import { readWebpHeader } from "./webp_header.ts";

export type ImageFormat = "avif" | "gif" | "jpeg" | "png" | "webp";

/** The formats that are read, for a person. */
export const FORMATS = "JPEG, PNG, WebP, AVIF and GIF";

/** What a file says about its image, before any pixel is decoded. */
export interface ImageHeader {
  readonly format: ImageFormat;
  /** As stored; an upright image swaps width and height for orientations 5 to 8. */
  readonly width: number;
  readonly height: number;
  /** As stored: 1 grey or palette, 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
  /** Bits a channel. */
  readonly depth: number;
  readonly orientation: Orientation;
  /** Undefined: sRGB. */
  readonly color?: FileColor;
  /** Sentences on what a person would not expect of the file. @default none */
  readonly notes?: readonly string[];
}

const READERS: Readonly<Record<ImageFormat, (bytes: Uint8Array) => ImageHeader>> = {
  avif: readAvifHeader,
  gif: readGifHeader,
  jpeg: readJpegHeader,
  png: readPngHeader,
  webp: readWebpHeader,
};

/** First bytes of the formats that are read. */
const SIGNATURES: readonly (readonly [format: ImageFormat, pattern: RegExp])[] = [
  ["jpeg", /^\xff\xd8\xff/],
  ["png", /^\x89PNG\r\n.\n/s],
  ["webp", /^RIFF....WEBP/s],
  ["gif", /^GIF8[79]a/],
  // The brand may be that of all such files, and AVIF's stand among the compatible ones.
  ["avif", /^....ftyp(?:avi[fs]|(?:mif1|msf1).{4}(?:.{4}){0,10}?avi[fs])/s],
];

const EXPORT = "export it as JPEG or PNG";
const UNPACK = "unpack it, and give the images in it";
const SLICE = "export the slice that is to be looked at as PNG, with its levels stretched";

/** Formats that are refused: their first bytes, names, and what a person can do. */
const REFUSED: readonly (readonly [name: string, pattern: RegExp, remedy: string])[] = [
  [
    "HEIC",
    /^....ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)/s,
    'export it as JPEG; on an iPhone, Settings > Camera > Formats > "Most Compatible" takes JPEG',
  ],
  ["JPEG XL", /^(?:\xff\n|.{4}JXL )/s, EXPORT],
  ["JPEG 2000", /^(?:\xffO\xffQ|.{4}jP {2})/s, EXPORT],
  ["TIFF or a camera's raw image", /^(?:II[*+]\0|MM\0[*+]|....ftypcrx )/s, EXPORT],
  ["BMP", /^BM.{4}\0{4}/s, "save it as PNG"],
  ["Photoshop", /^8BPS/, EXPORT],
  ["PDF", /^%PDF/, "export the page as PNG"],
  [
    "SVG",
    /^(?:\xef\xbb\xbf)?\s*(?:<(?:\?xml|!DOCTYPE)[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<svg/s,
    "export it as PNG, in the size that is to be looked at",
  ],
  ["an icon (ICO or ICNS)", /^(?:\0\0[^\0]\0|icns)/, "export its largest image as PNG"],
  ["a video", /^(?:....ftyp(?!avi[fs])|.E\xdf\xa3|RIFF....AVI )/s, "export a frame as PNG"],
  ["a bitmap of Netpbm", /^P[1-7]\s/, "save it as PNG"],
  ["QOI", /^qoif/, "save it as PNG"],
  ["an image with a high dynamic range", /^(?:v\/1[^ -~]|#\?RAD)/, EXPORT],
  ["a texture of DirectX", /^DDS /, EXPORT],
  ["DICOM", /^.{128}DICM/s, SLICE],
  ["NIfTI", /^.{344}n[i+]1\0/s, SLICE],
  ["PostScript", /^%!PS/, "export the page as PNG"],
  ["an archive", /^(?:PK[^ -~]{2}|[^ -~]\x8b|7z\xbc\xaf|Rar!)/, UNPACK],
  ["HDF5", /^\x89HDF/, "write the image that is to be looked at as PNG"],
  ["NumPy's .npy", /^\x93NUMPY/, "give it as --input where a preprocessed tensor is meant"],
  ["a web page", /^\s*<(?:!doctype html|html)/i, "download the image itself"],
  ["a pointer of Git LFS", /^version https:\/\/git-lfs/, 'fetch the file with "git lfs pull"'],
];

const SNIFFED_BYTES = 1024;

/**
 * Reads an image's size and kind from its file, whatever the file's name. Takes time linear in the
 * file, and no memory for pixels.
 *
 * @throws {ImageError} If it is another format (`fault: "format"`), or damaged.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length === 0) {
    throw new ImageError("damaged", "Cannot read the image: the file is empty");
  }
  const start = String.fromCharCode(...bytes.subarray(0, SNIFFED_BYTES));
  const format = SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
  if (format) return READERS[format](bytes);
  const refused = REFUSED.find(([, pattern]) => pattern.test(start));
  const [found, remedy] = refused ? [refused[0], `; ${refused[2]}`] : ["no known image", ""];
  throw new ImageError(
    "format",
    `Cannot read the image: the file is ${found}; expected ${FORMATS}${remedy}`,
  );
}
