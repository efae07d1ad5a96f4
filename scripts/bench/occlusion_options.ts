import { z } from "zod";

const counts = z.string().regex(/^[1-9]\d?(,[1-9]\d?)*$/, "expected numbers of workers, as 1,2,4");

/** Options of the benchmark of occlusion maps. */
export const occlusionBenchOptions = z.object({
  models: z.string().min(1).optional()
    .describe("Ids of networks, separated by commas. All that are here by default."),
  backend: z.enum(["auto", "wasm", "webgpu"]).default("auto")
    .describe("Where the networks run; auto takes WebGPU if there is a hardware adapter."),
  workers: counts.default("1,2,4")
    .describe("Numbers of tile workers to compare, separated by commas."),
  window: z.int().min(1).default(32)
    .describe("Side of the occluder.").meta({ unit: "pixels" }),
  stride: z.int().min(1).default(16)
    .describe("Step from one position to the next.").meta({ unit: "pixels" }),
  tile: z.int().min(1).default(8)
    .describe("Positions in a tile."),
  json: z.string().min(1).optional()
    .describe("File to write the figures to as JSON."),
});

export type OcclusionBenchOptions = z.infer<typeof occlusionBenchOptions>;
