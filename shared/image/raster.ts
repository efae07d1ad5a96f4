/** Decoded pixels as the file stores them: before colours are converted and the image is turned. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGBA, straight alpha: levels of 0..255, or of 0..65535 from a file of 16 bits a channel. */
  readonly data: Uint8ClampedArray | Uint16Array;
  /** Sentences on what a person would not expect of the file. */
  readonly notes: readonly string[];
}

/** The raster with levels of 0..255, each rounded. */
export function toBytes({ data }: Raster): Uint8ClampedArray {
  if (!(data instanceof Uint16Array)) return data;
  const bytes = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = data[i] / 257;
  return bytes;
}

/** The raster at a place on a larger, transparent one; the frame of an animation. */
export function placeOnCanvas(
  raster: Raster,
  { x, y }: { readonly x: number; readonly y: number },
  { width, height }: { readonly width: number; readonly height: number },
): Raster {
  if (raster.width === width && raster.height === height) return raster;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < raster.height; row++) {
    const line = raster.data.subarray(4 * row * raster.width, 4 * (row + 1) * raster.width);
    data.set(line, 4 * ((y + row) * width + x));
  }
  return { ...raster, width, height, data };
}

const DEEPEST = 65535;

/** Files that use more of their range are dark, not stored with fewer bits than they could. */
const LEAST_UNUSED_BITS = 2;

/**
 * Raises the levels of an image whose 16-bit channels hold fewer bits, as cameras and scanners of
 * 10, 12 or 14 bits write them: by the power of two that they leave unused, if it is 4 or more.
 */
export function useFullRange(raster: Raster): Raster {
  const { data, notes } = raster;
  if (!(data instanceof Uint16Array)) return raster;
  let used = 0;
  for (let i = 0; i < data.length; i += 4) used |= data[i] | data[i + 1] | data[i + 2];
  const unused = Math.clz32(used) - Math.clz32(DEEPEST);
  if (used === 0 || unused < LEAST_UNUSED_BITS) return raster;
  const part = 2 ** unused;
  // The highest level that those bits can hold becomes white.
  const scale = DEEPEST / (2 ** (16 - unused) - 1);
  for (let i = 0; i < data.length; i++) if (i % 4 !== 3) data[i] = Math.round(data[i] * scale);
  const note = `it uses 1/${part} of its 16-bit range (levels below ${2 ** (16 - unused)} of ` +
    `65536); its levels are multiplied by ${part}`;
  return { ...raster, notes: [...notes, note] };
}
