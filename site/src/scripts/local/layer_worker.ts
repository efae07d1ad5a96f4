/**
 * Gives a layer's activations for one image after the other: for the camera, where images and
 * arrays as files would cost more than the network.
 *
 * @module
 */
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import { preprocess } from "../../../../shared/models/preprocess.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";
import { type NetworkPlace, openLocalNetwork } from "./open_local_network.ts";

export interface LayerJob extends NetworkPlace {
  readonly layer: string;
  readonly image: Blob;
}

export type LayerReply =
  | { readonly activations: Tensor<"float32"> }
  | { readonly failure: string };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LayerJob>) => void;
  postMessage(reply: LayerReply): void;
};

scope.onmessage = async ({ data: { layer, image, ...place } }) => {
  try {
    const { network } = await openLocalNetwork(place);
    const decoded = await decodeImage(new Uint8Array(await image.arrayBuffer()));
    const { tensor } = preprocess(decoded, network.manifest.input);
    const { [layer]: activations } = await network.forward(tensor, [layer]);
    scope.postMessage({ activations: activations as Tensor<"float32"> });
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};
