/** Decodes and preprocesses images in a worker, so that the server answers meanwhile. */
import { decodeImage } from "../../shared/image/decode_image.ts";
import { ImageError } from "../../shared/image/image_error.ts";
import { preprocessPlaced } from "../../shared/models/preprocess.ts";
import type { ImageRequest, WorkerMessage } from "./image_preparer.ts";

// `self` is missing where the process was forked in the manner of Node.
const scope = globalThis as unknown as Worker;

scope.onmessage = async ({ data }: MessageEvent<ImageRequest>) => {
  answer({ hasBegun: true });
  const { bytes, maxPixels, input, sourceSide } = data;
  try {
    const decoded = await decodeImage(bytes, { maxPixels });
    const prepared = { ...preprocessPlaced(decoded, input, sourceSide), notes: decoded.notes };
    const { tensor, image, placement: { source } } = prepared;
    answer({ prepared }, [...new Set([tensor, image, source].map(({ data }) => data.buffer))]);
  } catch (error) {
    const { message } = error as Error;
    answer({ message, fault: error instanceof ImageError ? error.fault : undefined });
  }
};

function answer(message: WorkerMessage, transfer: ArrayBufferLike[] = []): void {
  scope.postMessage(message, transfer as Transferable[]);
}
