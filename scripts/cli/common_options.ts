import { z } from "zod";
import { openOptions } from "../../shared/network/open/open_options.ts";
import { REQUESTED_BACKENDS } from "../../shared/runtime/backend.ts";

/** Which network, and how it is prepared for if it has no manifest. */
export const modelOptions = z.object({
  model: z.string().min(1).default("glyphnet")
    .describe("Id of a network, or the path of an .onnx file."),
  backend: z.enum(REQUESTED_BACKENDS).default("auto")
    .describe(
      "Where the network runs; auto takes WebGPU if there is a hardware adapter, else native if it " +
        'is installed ("deno task native" does it), else WASM.',
    ),
  ...openOptions.shape,
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
