import type { Image } from "./image.ts";

/**
 * How the camera was held, by EXIF: 1 is upright; 2 to 8 are the flips and quarter turns that lead
 * to it.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * The orientation in an EXIF block (a TIFF file: byte order, 42, first directory). 1 if there is
 * none or the block is broken, as browsers do: damaged metadata does not make a damaged image.
 */
export function exifOrientation(exif: Uint8Array): Orientation {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(at + 8, little);
    const valid = view.getUint16(at + 2, little) === SHORT && value >= 1 && value <= 8;
    return valid ? value as Orientation : 1;
  }
  return 1;
}

/**
 * Where pixel (x, y) of the upright image lies in the stored one of width w and height h.
 * EXIF 2.32, tag 0x0112.
 */
type Source = (x: number, y: number, w: number, h: number) => readonly [number, number];

const SOURCES: Readonly<Record<Orientation, Source>> = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, _, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, _, h) => [y, h - 1 - x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w) => [w - 1 - y, x],
};

/** The image turned upright. Orientations 5 to 8 swap width and height. */
export function orient(image: Image, orientation: Orientation): Image {
  if (orientation === 1) return image;
  const { width: w, height: h } = image;
  const [width, height] = orientation >= 5 ? [h, w] : [w, h];
  const source = SOURCES[orientation];
  // The map is affine: its first pixel and its steps along x and y say all of it.
  const index = (x: number, y: number) => {
    const [sx, sy] = source(x, y, w, h);
    return sy * w + sx;
  };
  const first = index(0, 0);
  const [stepX, stepY] = [index(1, 0) - first, index(0, 1) - first];
  const { buffer, byteOffset } = image.data;
  const from = new Uint32Array(
    byteOffset % 4 === 0 ? buffer : image.data.slice().buffer,
    byteOffset % 4 === 0 ? byteOffset : 0,
    w * h,
  );
  const to = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) to[y * width + x] = from[first + y * stepY + x * stepX];
  }
  return { width, height, data: new Uint8ClampedArray(to.buffer) };
}
