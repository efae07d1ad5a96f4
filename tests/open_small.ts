import type { MethodInput } from "../shared/contract/method.ts";
import { manifestFor } from "../shared/models/mod.ts";
import type { Network } from "../shared/network/network.ts";
import { openNetwork } from "../shared/network/open_network.ts";
import { randomTensor } from "./networks.ts";

/** Opens a network that a test has built, on WASM. */
export const openSmall = (bytes: Uint8Array, height: number, width: number): Promise<Network> =>
  openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height, width }), bytes },
    { backend: "wasm" },
  );

/** Noise of the size that a network takes, with a grey image for the figures. */
export function inputOf({ inputDims }: Network): MethodInput {
  const [, , height, width] = inputDims;
  const data = new Uint8ClampedArray(4 * height * width).fill(200);
  return { tensor: randomTensor(inputDims, 4), image: { width, height, data } };
}
