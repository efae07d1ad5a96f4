/**
 * What the network has learned to multiply with: the weights of a layer, as images where they are
 * some.
 *
 * @module
 */
import { planeCount } from "../../models/manifest.ts";
import { float32 } from "../../tensor/tensor.ts";
import { channelList } from "../../network/units.ts";
import type { Context, Method, MethodInputs, Run } from "../../contract/method.ts";
import { findWeights } from "./find_weights.ts";
import { type WeightsOptions, weightsOptions } from "./options.ts";
import { formOf, scalesOf, weightsFigure, weightTiles } from "./figures.ts";
import { type LayerWeights, readWeights } from "./read_weights.ts";

export * from "./options.ts";

/** With more planes than this, only some units are shown unless others are asked for. */
const PLANES = 4096;
const UNITS = 16;

/** The weights of a layer; they need no image to look at. */
export const weights: Method<WeightsOptions> = {
  id: "weights",
  title: "Weights",
  summary: "Shows the filters of a layer: those of the first one as colour tiles, deeper ones as " +
    "grey planes.",
  paper: {
    title: "ImageNet Classification with Deep Convolutional Neural Networks",
    authors: "Alex Krizhevsky, Ilya Sutskever, Geoffrey Hinton",
    venue: "NIPS",
    year: 2012,
    url: "https://papers.nips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html",
  },
  takes: {},
  options: weightsOptions,
  run,
};

async function* run(
  { network, signal }: Context,
  _inputs: MethodInputs,
  options: WeightsOptions,
): Run {
  yield { done: 0, total: 1, unit: "layers" };
  const found = findWeights(network, options.layer);
  const read = await readWeights(network, found, { signal });
  const layer = options.layer === "auto" ? found.node.output[0] : options.layer;
  const units = unitsOf(read, options.channels, layer);
  const { channelOrder } = network.manifest.input;
  const isOfColors = found.seesImage && planeCount(network.manifest.input) === 3 && !read.isDense;
  const form = formOf(read, isOfColors);
  const scales = scalesOf(read, options.range);
  const view = { weights: read, units, form, scales, channelOrder, layer, range: options.range };
  const tiles = weightTiles(view);
  return {
    figures: { figure: weightsFigure(view, tiles) },
    images: { tiles },
    arrays: { weights: read.tensor, scales: float32(scales, [scales.length]) },
    measures: {
      layer: found.node.output[0],
      weights: found.weights,
      operator: found.node.opType ?? "",
      form,
      groups: read.groups,
      units: read.tensor.dims[0],
      channels: units,
      largest: read.tensor.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    },
  };
}

function unitsOf({ tensor }: LayerWeights, requested: string, layer: string): readonly number[] {
  const [count, channels, height, width] = tensor.dims;
  const all = Array.from({ length: count }, (_, unit) => unit);
  if (requested !== "auto") return channelList(requested, count, `the layer "${layer}"`);
  const planes = height * width === 1 ? 1 : channels;
  return count * planes > PLANES ? all.slice(0, UNITS) : all;
}
