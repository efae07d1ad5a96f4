import { z } from "zod";
import { REQUESTED_BACKENDS } from "../../shared/runtime/backend.ts";
import { jsonOption } from "./bench_options.ts";

/** Options of the benchmark of occlusion maps. */
export const occlusionBenchOptions = z.object({
  models: z.string().min(1).optional()
    .describe(
      "Ids of networks, separated by commas. By default all that are here, and vgg-like: the " +
        "convolutions of VGG-16 with random weights.",
    ),
  backend: z.enum(REQUESTED_BACKENDS).default("auto")
    .describe(
      "Where the networks run; auto takes WebGPU if there is a hardware adapter, else native if it " +
        'is installed ("deno task native" does it), else WASM.',
    ),
  parts: z.string().regex(/^(positions|refinement)(,(positions|refinement))*$/)
    .default("positions,refinement")
    .describe("What to measure: full against incremental inference, progressive refinement."),
  window: z.int().min(1).default(32)
    .describe("Side of the occluder.").meta({ unit: "pixels" }),
  stride: z.int().min(1).default(8)
    .describe("Step from one position to the next.").meta({ unit: "pixels" }),
  positions: z.int().min(4).default(64)
    .describe("Positions to time full and incremental inference at, spread over the map."),
  image: z.string().min(1).optional()
    .describe("The image to refine a map of; one of the samples by default."),
  tile: z.int().min(1).default(8)
    .describe("Positions between two looks at the map."),
  json: jsonOption,
});

export type OcclusionBenchOptions = z.infer<typeof occlusionBenchOptions>;
