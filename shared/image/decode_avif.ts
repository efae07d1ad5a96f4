import { decodeWithCodec } from "./decode_with_codec.ts";
import { damaged } from "./image_error.ts";
import type { ImageHeader } from "./image_header.ts";
import type { Raster } from "./raster.ts";

const FORMAT = "AVIF";

/** The brand of a still image; with that of a film the codec would look at its tracks. */
const STILL = "avif";
/** Behind the first box's size and type. */
const BRAND_AT = 8;

function withBrand(file: Uint8Array, brand: string): Uint8Array {
  const changed = file.slice();
  changed.set(new TextEncoder().encode(brand), BRAND_AT);
  return changed;
}

/**
 * Decodes the pixels of an AVIF file; of an animated one, its first frame.
 *
 * @throws {ImageError} If the data are damaged, or of another size than the file states.
 */
export async function decodeAvif(file: Uint8Array, header: ImageHeader): Promise<Raster> {
  const still = withBrand(file, STILL);
  const raster = await decodeWithCodec("avifDecoder", FORMAT, (codec) => codec.decode(still, 8));
  if (raster.width === header.width && raster.height === header.height) return raster;
  throw damaged(
    FORMAT,
    `it states ${header.width} x ${header.height} pixels, and has ${raster.width} x ` +
      `${raster.height}`,
  );
}
