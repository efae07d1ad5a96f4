/**
 * DeepDream: an image changed so that a layer responds to it more and more, from coarse to fine; led
 * by a second image if there is one; and a zoom into it without an end.
 *
 * @module
 */
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { atOwnSize } from "../../contract/own_size.ts";
import { imagePanel } from "../../contract/panels.ts";
import { InputError } from "../../errors.ts";
import { AnimationEncoder } from "../../image/mod.ts";
import { deprocess } from "../../models/mod.ts";
import type { Network } from "../../network/network.ts";
import type { Context, Method, MethodInput, MethodInputs, Run } from "../../contract/method.ts";
import { type Dream, dreamInto, type DreamSettings, type Stage, stagesOf } from "./dream.ts";
import { type ActivationObjective, activationObjective } from "./activation_objective.ts";
import { type DeepDreamOptions, deepDreamOptions } from "./options.ts";
import { enlargeMiddle, zoomTo } from "./planes.ts";
import { normalAt } from "../../tensor/random.ts";

export * from "./options.ts";

/** Raises the energy of a layer, or its match with a guide, octave by octave. */
export const deepDream: Method<DeepDreamOptions> = {
  id: "deep-dream",
  title: "DeepDream",
  summary: "Changes the image so that a layer sees more and more of what it knows in it.",
  paper: {
    title: "Inceptionism: Going Deeper into Neural Networks",
    authors: "Alexander Mordvintsev, Christopher Olah, Mike Tyka",
    venue: "Google Research Blog",
    year: 2015,
    url: "https://research.google/blog/inceptionism-going-deeper-into-neural-networks/",
  },
  takes: { image: "optional", guide: "optional" },
  options: deepDreamOptions,
  run,
};

/** CSS pixels of the dream in the figure. */
const DRAWN_WIDTH = 640;

async function* run(
  { network, signal }: Context,
  { image, guide }: MethodInputs,
  options: DeepDreamOptions,
): Run {
  const layer = layerOf(network, options.layer);
  const objective = await activationObjective(network, layer, guide?.tensor, { signal });
  const { base, stages, isCropped } = begin(network, objective, image, options);
  const settings = { input: network.manifest.input, stages, options, signal };
  const first = yield* dreamInto(base, 0, settings);
  const dream = deprocess(first.tensor, settings.input);
  const zoom = options.frames > 1 ? yield* zoomInto(first, settings) : undefined;
  return {
    figures: {
      figure: {
        title: "DeepDream",
        caption: `${network.id}, ${objective.quantity}, ${stages.length} octaves of ` +
          `${options.iterations} steps${
            isCropped ? "; at the network's own size, the only one of the layer" : ""
          }.`,
        panels: [
          imagePanel(dream, { id: "dream", title: "", text: "", drawnWidth: DRAWN_WIDTH }),
        ],
      },
    },
    images: { dream },
    files: zoom && { "zoom.webp": zoom.file },
    arrays: { dream: first.tensor },
    measures: {
      layer,
      raises: objective.quantity,
      octaves: first.octaves.map((octave) => ({ ...octave })),
      frames: options.frames,
      ...zoom && { strengths: zoom.strengths },
    },
  };
}

/**
 * What is dreamt into: the image at its own size, or as the network's input where the layer is made
 * for that size alone.
 */
function begin(
  network: Network,
  objective: ActivationObjective,
  image: MethodInput | undefined,
  options: DeepDreamOptions,
): { base: Tensor<"float32">; stages: Stage[]; isCropped: boolean } {
  const { enlarge, side, seed } = options;
  const into = (start: Tensor<"float32">) => {
    const [, , height, width] = start.dims;
    const base = zoomTo(start, enlarge * height, enlarge * width);
    const stages = stagesOf(network, objective, base.dims, options);
    return { base, stages, isCropped: false };
  };
  if (!image) return into(noiseImage(network, seed));
  const own = atOwnSize(image, network, side);
  try {
    return into(own);
  } catch (error) {
    if (!(error instanceof InputError) || own === image.tensor) throw error;
    return { ...into(image.tensor), isCropped: true };
  }
}

/** The first dream and, each from the one before as seen from nearer, all that follow. */
async function* zoomInto(first: Dream, settings: DreamSettings) {
  const { frames, frameZoom, delay } = settings.options;
  const animation = new AnimationEncoder({ delay });
  const strengths: number[] = [];
  const add = async ({ tensor, octaves }: Dream) => {
    strengths.push(octaves.at(-1)!.last);
    await animation.add(deprocess(tensor, settings.input));
  };
  let dream = first;
  await add(dream);
  for (let frame = 1; frame < frames; frame++) {
    dream = yield* dreamInto(enlargeMiddle(dream.tensor, frameZoom), frame, settings);
    await add(dream);
  }
  return { file: animation.finish(), strengths };
}

function layerOf(network: Network, requested: string): string {
  const published = network.manifest.autoLayers?.["deep-dream"];
  if (requested !== "auto") return network.resolveLayer(requested);
  if (published !== undefined) return network.resolveLayer(published);
  const { layers } = network;
  const middle = layers[Math.floor(layers.length / 2)];
  if (middle) return middle.tensor;
  throw new InputError(`Cannot choose a layer of ${network.id}: it has no feature maps; name one`);
}

/** The grey in the middle of the levels, and how far the noise strays from it. */
const MIDDLE = 127.5;
const SPREAD = 20;

/** An image of normally distributed noise around mid grey, as it is fed to the network. */
export function noiseImage({ inputDims, manifest }: Network, seed: number): Tensor<"float32"> {
  const { scale, mean, std } = manifest.input;
  const area = inputDims[2] * inputDims[3];
  const data = Float32Array.from({ length: elementCount(inputDims) }, (_, i) => {
    const channel = Math.floor(i / area);
    const level = Math.min(255, Math.max(0, MIDDLE + SPREAD * normalAt(seed, i)));
    return (level * scale - mean[channel]) / std[channel];
  });
  return float32(data, inputDims);
}
