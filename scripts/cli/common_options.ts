import { z } from "zod";
import { fitOptions } from "../../shared/models/fit.ts";
import { LAYOUTS } from "../../shared/onnx/rewrite/image_axes.ts";
import { REQUESTED_BACKENDS } from "../../shared/runtime/backend.ts";

/** A list of numbers, one per channel, separated by commas. */
const perChannel = z.string().regex(
  /^-?\d*\.?\d+(e-?\d+)?(,-?\d*\.?\d+(e-?\d+)?)*$/i,
  "expected numbers separated by commas",
).optional();

/** Which network, and how it is prepared for if it has no manifest. */
export const modelOptions = z.object({
  model: z.string().min(1).default("glyphnet")
    .describe("Id of a network, or the path of an .onnx file."),
  backend: z.enum(REQUESTED_BACKENDS).default("auto")
    .describe(
      "Where the network runs; auto takes WebGPU if there is a hardware adapter, else native if it " +
        'is installed ("deno task native" does it), else WASM.',
    ),
  height: z.int().min(1).max(4096).optional()
    .describe("For a network that no manifest lists: height of the input, where it is open.")
    .meta({ unit: "pixels" }),
  width: z.int().min(1).max(4096).optional()
    .describe("For a network that no manifest lists: width of the input, where it is open.")
    .meta({ unit: "pixels" }),
  size: z.int().min(1).max(4096).optional()
    .describe(
      "Side of the input. For an .onnx file whose input is open, or for a network that pools over " +
        "all positions before it classifies.",
    )
    .meta({ unit: "pixels" }),
  mean: perChannel
    .describe("For a network that no manifest lists: mean of each channel, as 0.485,0.456,0.406."),
  std: perChannel
    .describe("For a network that no manifest lists: standard deviation of each channel."),
  scale: z.number().optional()
    .describe(
      "For a network that no manifest lists: factor on the levels 0 to 255 before mean and std, as 0.00392.",
    ),
  "channel-order": z.enum(["RGB", "BGR", "GRAY"]).optional()
    .describe("For a network that no manifest lists: order of the input's channels."),
  layout: z.enum(LAYOUTS).optional()
    .describe(
      "For a network that no manifest lists: order of the axes of its input in the file. Found " +
        "by its first layer by default.",
    ),
  labels: z.string().min(1).optional()
    .describe("A file with the names of the classes: one a line, or JSON."),
  scores: z.string().min(1).optional()
    .describe("The tensor to read class scores from, before or behind the softmax."),
  feed: z.string().min(1).optional()
    .describe("For a network of several inputs: <input>=<file.npy>. May be given several times."),
  "image-input": z.string().min(1).optional()
    .describe("For a network of several inputs: the name of the one that the image goes into."),
  ...fitOptions.shape,
});

/** Between the values of `--feed`, where it is given several times; in no name. */
export const FEED_SEPARATOR = "\n";

/** What every method takes beside its own options. */
export const runOptions = modelOptions.extend({
  out: z.string().min(1).default("out")
    .describe("Folder for the results; made if it is not there."),
  raw: z.boolean().default(false)
    .describe("Writes every array as .npy too."),
  theme: z.enum(["light", "dark"]).default("light")
    .describe("Colours of the figures' ground and words."),
  threads: z.int().min(1).max(256).optional()
    .describe("Threads that compute; as many as there are cores by default."),
});

export type ModelOptions = z.infer<typeof modelOptions>;
export type RunOptions = z.infer<typeof runOptions>;
