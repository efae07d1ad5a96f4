import { type DecodedImage, decodeImage } from "../../shared/image/decode_image.ts";
import type { Image } from "../../shared/image/image.ts";
import { ImageError } from "../../shared/image/image_error.ts";
import { planeCount } from "../../shared/models/manifest.ts";
import { deprocess, preprocess, preprocessPlaced } from "../../shared/models/preprocess.ts";
import type { Network } from "../../shared/network/network.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import type { Tensor } from "../../shared/tensor/tensor.ts";
import { readFile } from "./read_file.ts";
import { tellNotes } from "./notes.ts";

/**
 * What a method looks at, from an image's file.
 *
 * @param sourceSide Longer side of the image that figures are drawn on.
 * @throws {Error} If the file is not there or is not an image.
 */
export async function imageInput(
  path: string,
  network: Network,
  sourceSide?: number,
): Promise<MethodInput> {
  const image = await decodeFile(path);
  const placed = preprocessPlaced(image, network.manifest.input, sourceSide);
  return { ...placed, notes: image.notes };
}

/**
 * One of many images, as the network takes it alone.
 *
 * @throws {Error} If the file is not there or is not an image.
 */
export async function corpusInput(path: string, network: Network): Promise<MethodInput> {
  return preprocess(await decodeFile(path), network.manifest.input);
}

/**
 * An image from its file; what a person should know of the file goes to standard error.
 *
 * @throws {Error} If the file is not there or is not an image.
 */
export async function decodeFile(path: string): Promise<DecodedImage> {
  const bytes = await readFile(path);
  try {
    const image = await decodeImage(bytes);
    tellNotes(path, image.notes);
    return image;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const reason = error.message.replace(/^Cannot read the .*?image: /, "");
    throw new Error(`Cannot read ${path}: ${reason}`, { cause: error });
  }
}

/**
 * What a method looks at, from a tensor as the network takes it.
 *
 * @param path Where the tensor was read, for the message.
 * @throws {RangeError} If it does not fit the network.
 */
export function tensorInput(
  tensor: Tensor<"float32">,
  path: string,
  network: Network,
): MethodInput {
  if (`${tensor.dims}` !== `${network.inputDims}`) {
    throw new RangeError(
      `Cannot use ${path}: it is float32 [${tensor.dims}], expected float32 [${network.inputDims}]`,
    );
  }
  const { input } = network.manifest;
  const isImage = tensor.dims[1] === planeCount(input);
  return { tensor, image: isImage ? deprocess(tensor, input) : meanOfPlanes(tensor) };
}

/** Planes that are no colours, for a person: their mean in grey, from the least to the largest. */
function meanOfPlanes({ dims, data }: Tensor<"float32">): Image {
  const [, channels, height, width] = dims;
  const area = height * width;
  const mean = Float32Array.from({ length: area }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[c * area + i];
    return sum / channels;
  });
  const [low, high] = mean.reduce(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [Infinity, -Infinity],
  );
  const pixels = new Uint8ClampedArray(4 * area).fill(255);
  mean.forEach((value, i) =>
    pixels.fill(255 * (value - low) / (high - low || 1), 4 * i, 4 * i + 3)
  );
  return { width, height, data: pixels };
}
