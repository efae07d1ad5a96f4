import type { ArrayLink } from "../../../../shared/api/mod.ts";
import { decodeNpy } from "../../../../shared/tensor/npy.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";

/** An array of a result, wherever it was computed. */
export async function readArray({ url }: ArrayLink): Promise<Tensor> {
  const response = await fetch(url);
  return decodeNpy(new Uint8Array(await response.arrayBuffer()));
}
