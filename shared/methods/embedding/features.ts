import { type Kernel, oneByOne } from "../../compute/mod.ts";
import { InputError } from "../../errors.ts";
import { type GraphIndex, type NodeProto, weightsInput } from "../../onnx/mod.ts";
import { crop, type Image, resize } from "../../image/mod.ts";
import { type ChannelMaps, channelMaps } from "../../network/channel_maps.ts";
import type { Network } from "../../network/network.ts";
import type { Context, Corpus, Steps } from "../../contract/method.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Matrix } from "./matrix.ts";
import { type EmbeddingOptions, PIXELS } from "./options.ts";

/** Side of a thumbnail in pixels. */
export const THUMBNAIL = 32;

export interface Features {
  /** A row for each image. */
  readonly features: Matrix;
  /** Square, all of one size. */
  readonly thumbnails: readonly Image[];
}

interface FeaturesJob extends Pick<EmbeddingOptions, "spatial"> {
  readonly layer: string;
}

interface CorpusItem {
  readonly index: number;
  readonly tensor: Tensor<"float32">;
}

/** The features of one image. */
export const featuresKernel: Kernel<FeaturesJob, CorpusItem, Float32Array, Network> = {
  id: "embedding/features",
  isResult: (value) => value instanceof Float32Array && value.length > 0,
  open(network, { layer, spatial }) {
    return Promise.resolve(oneByOne(async ({ tensor }, { signal }) => {
      if (layer === PIXELS) return tensor.data.slice();
      const { [layer]: result } = await network.forward(tensor, [layer], { signal });
      const maps = channelMaps(result, layer);
      return spatial === "mean" ? means(maps) : maps.values.slice();
    }));
  },
};

/**
 * The layer before the scores: what the manifest calls the features, else what the last operator
 * with weights reads; of a network that makes features, what it makes.
 *
 * @throws {RangeError} If there is none.
 */
export function featureLayer(network: Network): string {
  const { index, manifest, mainTensor, inputName } = network;
  if (manifest.outputs?.features) return manifest.outputs.features;
  if (!network.hasScores) return mainTensor;
  let node: NodeProto | undefined = index.producer(mainTensor);
  while (node && weightsInput(node) === undefined) node = producerOf(node, index);
  const read = node?.input[0];
  if (read !== undefined && read !== inputName) return read;
  throw new InputError(`Cannot choose a layer of ${network.id}: nothing is before its scores`);
}

const producerOf = (node: NodeProto, index: GraphIndex) => index.producer(node.input[0]);

/**
 * What a layer is called in the file; {@linkcode PIXELS} are no layer of it.
 *
 * @throws {RangeError} If there is none.
 */
export const namedLayer = (network: Network, layer: string): string =>
  layer === PIXELS ? PIXELS : network.resolveLayer(layer);

/**
 * The features of all images of a corpus, read one after the other.
 *
 * @param layer A layer, or {@linkcode PIXELS}.
 * @throws {RangeError} If the layer is no map of channels, or features is not finite.
 */
export async function* featuresOf(
  { network, signal, map }: Context,
  corpus: Corpus,
  layer: string,
  { spatial }: Pick<EmbeddingOptions, "spatial">,
): Steps<Features> {
  namedLayer(network, layer);
  const rows: Float32Array[] = [];
  const thumbnails: Image[] = [];
  const images = async function* () {
    for (let index = 0; index < corpus.count; index++) {
      const { tensor, image } = await corpus.read(index, signal);
      thumbnails[index] = thumbnail(image);
      yield { index, tensor };
    }
  };
  let done = 0;
  for await (const { item, result } of map(featuresKernel, { layer, spatial }, images())) {
    if (!result.every(Number.isFinite)) {
      throw new InputError(
        `Cannot embed the images: "${corpus.nameOf(item.index)}" has features that are not finite`,
      );
    }
    rows[item.index] = result;
    yield { done: ++done, total: corpus.count, unit: "images" };
  }
  const columns = rows[0].length;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return { features: { rows: rows.length, columns, data }, thumbnails };
}

/** The mean over the positions of each channel. */
function means({ channels, height, width, values }: ChannelMaps): Float32Array {
  const area = height * width;
  return Float32Array.from({ length: channels }, (_, channel) => {
    const plane = values.subarray(channel * area, (channel + 1) * area);
    return plane.reduce((sum, value) => sum + value, 0) / area;
  });
}

/** The square in the middle of an image, small. */
function thumbnail(image: Image): Image {
  const side = Math.min(image.width, image.height);
  const [left, top] = [image.width - side, image.height - side].map((rest) => rest >> 1);
  const square = crop(image, { left, top, width: side, height: side });
  return resize(square, THUMBNAIL, THUMBNAIL);
}
