/**
 * DeepDream: a picture changed so that a layer answers to it more and more, from coarse to fine.
 *
 * @module
 */
import { type AscentModel, differentiate, energy, withAscentStep } from "../../grad/mod.ts";
import { deprocess, type ManifestInput } from "../../models/mod.ts";
import { withOutputs } from "../../onnx/mod.ts";
import { uniformAt } from "../../tensor/random.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../network.ts";
import type { PictureInputs, RunContext, Technique, TechniqueResult } from "../technique.ts";
import { type DeepDreamOptions, deepDreamOptions } from "./options.ts";
import { clamp, combine, roll, zoomTo } from "./planes.ts";

export * from "./options.ts";

/** Raises the energy of a layer, octave by octave. */
export const deepDream: Technique<DeepDreamOptions, PictureInputs> = {
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
  takes: { picture: "required" },
  options: deepDreamOptions,
  run,
};

async function run(
  network: Network,
  { picture: input }: PictureInputs,
  options: DeepDreamOptions,
  { signal, onProgress }: RunContext,
): Promise<TechniqueResult> {
  const layer = layerOf(network, options.layer);
  const { iterations, octaves } = options;
  const { input: manifest } = network.manifest;
  const energies: { height: number; width: number; first: number; last: number }[] = [];
  let detail: Tensor<"float32"> | undefined;
  let dream = input.tensor;
  for (const [octave, [height, width]] of sizes(input.tensor.dims, options).entries()) {
    const base = zoomTo(input.tensor, height, width);
    dream = detail ? combine(base, zoomTo(detail, height, width), 1) : base;
    const ascent = ascentOf(network, layer, dream.dims);
    const octaveEnergies: number[] = [];
    for (let i = 0; i < iterations; i++) {
      signal?.throwIfAborted();
      const step = octave * iterations + i;
      const stepped = await ascend(network, dream, { ascent, step, options, signal });
      octaveEnergies.push(stepped.energy);
      dream = clamp(stepped.next, channelRanges(manifest));
      const preview = i === iterations - 1 ? deprocess(dream, manifest) : undefined;
      onProgress?.({ done: step + 1, total: octaves * iterations, unit: "steps", preview });
    }
    detail = combine(dream, base, -1);
    energies.push({ height, width, first: octaveEnergies[0], last: octaveEnergies.at(-1)! });
  }
  return {
    pictures: { dream: deprocess(dream, manifest) },
    arrays: { dream },
    measures: { layer, octaves: energies },
  };
}

interface Step {
  readonly ascent: Ascent;
  /** Which step of all, for the seed. */
  readonly step: number;
  readonly options: DeepDreamOptions;
  readonly signal?: AbortSignal;
}

/** One step along the gradient, seen from a shifted place so that no grid builds up. */
async function ascend(
  network: Network,
  dream: Tensor<"float32">,
  { ascent, step, options, signal }: Step,
): Promise<{ next: Tensor<"float32">; energy: number }> {
  const { inputName } = network;
  const shift = (k: number) =>
    Math.floor((2 * options.jitter + 1) * uniformAt(options.seed, 2 * step + k)) - options.jitter;
  const [down, right] = [shift(0), shift(1)];
  const { scale, std } = network.manifest.input;
  const rate = options.step * scale * std.length / std.reduce((sum, value) => sum + value, 0);
  const results = await network.evaluate(
    ascent.key,
    () => ascent.model,
    {
      [inputName]: roll(dream, down, right),
      [ascent.rate]: float32(Float32Array.of(rate), []),
    },
    [ascent.next, ascent.objective],
    { signal },
  );
  const next = results[ascent.next] as Tensor<"float32">;
  return { next: roll(next, -down, -right), energy: Number(results[ascent.objective].data[0]) };
}

/** The step's model for one size of the picture. */
interface Ascent extends AscentModel {
  /** Names it among the network's models. */
  readonly key: string;
  /** Name of the output with the layer's energy. */
  readonly objective: string;
}

function ascentOf(network: Network, layer: string, dims: readonly number[]): Ascent {
  const { inputName } = network;
  const gradient = differentiate(withOutputs(network.model, [layer]), {
    objective: energy(layer),
    wrt: [inputName],
    inputs: { [inputName]: dims },
  });
  const key = JSON.stringify(["deep-dream", layer, dims]);
  return { ...withAscentStep(gradient, inputName), key, objective: gradient.objective };
}

/** Heights and widths of the octaves, from small to the picture's own. */
function sizes(dims: readonly number[], { octaves, zoom }: DeepDreamOptions): [number, number][] {
  return Array.from({ length: octaves }, (_, i) => {
    const factor = zoom ** (octaves - 1 - i);
    return [Math.round(dims[2] / factor), Math.round(dims[3] / factor)];
  });
}

/** What each channel of the input can be. */
function channelRanges({ scale, mean, std }: ManifestInput): { min: number; max: number }[] {
  return mean.map((m, c) => ({ min: -m / std[c], max: (255 * scale - m) / std[c] }));
}

function layerOf(network: Network, wish: string): string {
  if (wish !== "auto") return network.resolveLayer(wish);
  const { layers } = network;
  const middle = layers[Math.floor(layers.length / 2)];
  if (middle) return middle.tensor;
  throw new RangeError(`Cannot choose a layer of ${network.id}: it has no feature maps; name one`);
}
