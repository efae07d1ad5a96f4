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
