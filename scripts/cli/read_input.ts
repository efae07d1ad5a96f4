import { decodeImage } from "../../shared/image/decode_image.ts";
import { deprocess, preprocess } from "../../shared/models/preprocess.ts";
import type { Network } from "../../shared/techniques/network.ts";
import type { TechniqueInput } from "../../shared/techniques/technique.ts";
import { decodeNpy } from "../../shared/tensor/npy.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { readFile } from "./read_file.ts";

/** Either a picture, or a tensor as the network takes it. */
export interface InputFiles {
  readonly image?: string;
  readonly input?: string;
}

/**
 * Reads what a technique looks at.
 *
 * @throws {Error} If the file is not there, is not a picture or array, or does not fit the network.
 */
export async function readInput(
  { image, input }: InputFiles,
  network: Network,
): Promise<TechniqueInput> {
  const { input: wanted } = network.manifest;
  if (image !== undefined) return preprocess(await decodeImage(await readFile(image)), wanted);
  const { type, dims, data } = decodeNpy(await readFile(input!));
  if (type !== "float32" && type !== "float64" || `${dims}` !== `${network.inputDims}`) {
    throw new RangeError(
      `Cannot use ${input}: it is ${type} [${dims}], expected float32 [${network.inputDims}]`,
    );
  }
  const tensor = float32(Float32Array.from(data as Float32Array | Float64Array), dims);
  return { tensor, picture: deprocess(tensor, wanted) };
}
