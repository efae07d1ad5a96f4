import { z } from "zod";
import { BACKEND_WISHES } from "../../shared/runtime/backend.ts";

const counts = z.string().regex(/^[1-9]\d?(,[1-9]\d?)*$/, "expected numbers of workers, as 1,2,4");

/** Options of the benchmark of occlusion maps. */
export const occlusionBenchOptions = z.object({
  models: z.string().min(1).optional()
    .describe(
      "Ids of networks, separated by commas. By default all that are here, and vgg-like: the " +
        "convolutions of VGG-16 with random weights.",
    ),
  backend: z.enum(BACKEND_WISHES).default("auto")
    .describe(
      "Where the networks run; auto takes WebGPU if there is a hardware adapter, else native if it " +
        'is installed ("deno task native" does it), else WASM.',
    ),
  parts: z.string().regex(/^(positions|refinement|workers)(,(positions|refinement|workers))*$/)
    .default("positions,refinement,workers")
    .describe(
      "What to measure: full against incremental inference, how soon a map can be told, tiles.",
    ),
  window: z.int().min(1).default(32)
    .describe("Side of the occluder.").meta({ unit: "pixels" }),
  stride: z.int().min(1).default(8)
    .describe("Step from one position to the next.").meta({ unit: "pixels" }),
  positions: z.int().min(4).default(64)
    .describe("Positions to time full and incremental inference at, spread over the map."),
  image: z.string().min(1).optional()
    .describe("The picture to refine a map of; one of the samples by default."),
  workers: counts.default("1,2,4")
    .describe("Numbers of tile workers to compare, separated by commas."),
  tile: z.int().min(1).default(8)
    .describe("Positions in a tile."),
  json: z.string().min(1).optional()
    .describe("File to write the figures to as JSON."),
});

export type OcclusionBenchOptions = z.infer<typeof occlusionBenchOptions>;
