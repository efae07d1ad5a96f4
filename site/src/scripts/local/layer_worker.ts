/**
 * Gives a layer's activations and the most probable classes of one image after the other: for the
 * camera, where images and arrays as files would cost more than the network.
 *
 * @module
 */
import { decodeImage } from "../../../../shared/image/decode_image.ts";
import { preprocess } from "../../../../shared/models/preprocess.ts";
import {
  mostProbable,
  type ProbableClass,
  scoresIn,
  scoreTensors,
} from "../../../../shared/network/class_scores.ts";
import { defaultLayer } from "../../../../shared/network/layer_names.ts";
import type { Tensor } from "../../../../shared/tensor/tensor.ts";
import { type NetworkPlace, openLocalNetwork } from "./open_local_network.ts";

export interface LayerJob extends NetworkPlace {
  /** "auto": the first feature map. */
  readonly layer: string;
  readonly image: Blob;
}

export interface LayerView {
  /** [1, C, H, W] or [1, C] */
  readonly activations: Tensor<"float32">;
  /** Its name. */
  readonly layer: string;
  /** The five most probable; none of a network without classes. */
  readonly classes: readonly ProbableClass[];
}

export type LayerReply = LayerView | { readonly failure: string };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LayerJob>) => void;
  postMessage(reply: LayerReply): void;
};

scope.onmessage = async ({ data }) => {
  try {
    scope.postMessage(await lookAt(data));
  } catch (error) {
    scope.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};

async function lookAt({ layer: asked, image, ...place }: LayerJob): Promise<LayerView> {
  const { network } = await openLocalNetwork(place);
  const decoded = await decodeImage(new Uint8Array(await image.arrayBuffer()));
  const { tensor } = preprocess(decoded, network.manifest.input);
  const layer = asked === "auto" ? defaultLayer(network) : asked;
  const scores = network.hasScores ? scoreTensors(network) : [];
  const results = await network.forward(tensor, [layer, ...scores]);
  return {
    activations: results[layer] as Tensor<"float32">,
    layer,
    classes: network.hasScores ? mostProbable(network, scoresIn(network, results), 5) : [],
  };
}
