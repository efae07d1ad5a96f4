import { z } from "zod";
import { synthesisFields } from "../../synthesis/synthesis_options.ts";

export const neuronOptions = z.object({
  unit: z.string().min(1).default("auto")
    .describe(
      "A unit, <layer>:<channel>:<row>:<column>, a channel, <layer>:<channel>, or several, " +
        "<layer>:<first>-<last>; auto is the first channel of a layer halfway.",
    ),
  place: z.enum(["everywhere", "centre"]).default("everywhere")
    .describe(
      "Where a channel is to be activated: the mean over all places, which fills the image, or " +
        "only the unit in the middle.",
    ),
  canvas: z.enum(["input", "field"]).default("input")
    .describe(
      "Size of the image: that of the network's input, or the unit's receptive field with a " +
        "margin, of 96 to 112 pixels, which is several times as fast.",
    ),
  patches: z.int().min(1).max(100).default(9)
    .describe("With a folder of images: patches of it that activate the channel most, to compare."),
  ...synthesisFields,
}).describe("Options of the neuron.");

export type NeuronOptions = z.infer<typeof neuronOptions>;
