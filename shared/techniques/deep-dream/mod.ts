/**
 * DeepDream: a picture changed so that a layer answers to it more and more, from coarse to fine; led
 * by a second picture if there is one; and a zoom into it without an end.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { encodeAnimation, type Image } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import type {
  RunContext,
  Technique,
  TechniqueInputs,
  TechniqueResult,
} from "../../contract/technique.ts";
import { type Dream, dreamInto, type DreamSettings, stagesOf } from "./dream.ts";
import { excitementOf } from "./excitement.ts";
import { noisePicture } from "./noise_picture.ts";
import { type DeepDreamOptions, deepDreamOptions } from "./options.ts";
import { enlargeMiddle, zoomTo } from "./planes.ts";

export * from "./options.ts";

/** Raises the energy of a layer, or its match with a guide, octave by octave. */
export const deepDream: Technique<DeepDreamOptions> = {
  id: "deep-dream",
  title: "DeepDream",
  summary: "Changes the picture so that a layer sees more and more of what it knows in it.",
  paper: {
    title: "Inceptionism: Going Deeper into Neural Networks",
    authors: "Alexander Mordvintsev, Christopher Olah, Mike Tyka",
    venue: "Google Research Blog",
    year: 2015,
    url: "https://research.google/blog/inceptionism-going-deeper-into-neural-networks/",
  },
  takes: { picture: "optional", guide: "optional" },
  options: deepDreamOptions,
  run,
};

async function run(
  network: Network,
  { picture, guide }: TechniqueInputs,
  options: DeepDreamOptions,
  context: RunContext,
): Promise<TechniqueResult> {
  const layer = layerOf(network, options.layer);
  const excitement = await excitementOf(network, layer, guide?.tensor, context);
  const start = picture?.tensor ?? noisePicture(network, options.seed);
  const [, , height, width] = start.dims;
  const base = zoomTo(start, options.enlarge * height, options.enlarge * width);
  const stages = stagesOf(network, excitement, base.dims, options);
  const settings = { input: network.manifest.input, stages, options, context };
  const first = await dreamInto(base, 0, settings);
  const strengths: number[] = [];
  const frames = async function* (): AsyncGenerator<Image> {
    for await (const { tensor, octaves } of zoomInto(first, settings)) {
      strengths.push(octaves.at(-1)!.last);
      yield deprocess(tensor, settings.input);
    }
  };
  const files = options.frames > 1
    ? { "zoom.webp": await encodeAnimation(frames(), { delay: options.delay }) }
    : undefined;
  return {
    pictures: { dream: deprocess(first.tensor, settings.input) },
    files,
    arrays: { dream: first.tensor },
    measures: {
      layer,
      raises: excitement.quantity,
      octaves: first.octaves.map((octave) => ({ ...octave })),
      frames: options.frames,
      ...files && { strengths },
    },
  };
}

/** The first dream and, each from the one before as seen from nearer, all that follow. */
async function* zoomInto(first: Dream, settings: DreamSettings): AsyncGenerator<Dream> {
  const { frames, frameZoom } = settings.options;
  let dream = first;
  yield dream;
  for (let frame = 1; frame < frames; frame++) {
    dream = await dreamInto(enlargeMiddle(dream.tensor, frameZoom), frame, settings);
    yield dream;
  }
}

function layerOf(network: Network, wish: string): string {
  if (wish !== "auto") return network.resolveLayer(wish);
  const { layers } = network;
  const middle = layers[Math.floor(layers.length / 2)];
  if (middle) return middle.tensor;
  throw new InputError(`Cannot choose a layer of ${network.id}: it has no feature maps; name one`);
}
