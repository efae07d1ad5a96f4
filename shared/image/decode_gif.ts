import type { GifHeader } from "./gif_header.ts";
import { damaged } from "./image_error.ts";
import { placeOnCanvas } from "./place_on_canvas.ts";
import type { Raster } from "./raster.ts";

/**
 * Decodes the first frame of a GIF file, on a transparent canvas.
 *
 * @throws {ImageError} If the data are damaged.
 */
export async function decodeGif(_file: Uint8Array, header: GifHeader): Promise<Raster> {
  const { decompressFrames, parseGIF } = await import("gifuct-js");
  const [frame] = decompressFrames(parseGIF(header.still.buffer), true);
  if (!frame?.colorTable) throw damaged("GIF", "it has no palette");
  const { patch, dims: { left, top, width, height } } = frame;
  const raster: Raster = { width, height, data: patch, notes: [] };
  return placeOnCanvas(raster, { x: left, y: top }, header);
}
