import { openModel } from "../../models/catalogue.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/techniques/network.ts";
import { occlusionOptions, planOcclusion } from "../../shared/techniques/occlusion/mod.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import type { Benchmark } from "./benchmark.ts";
import { classifiersHere } from "./classifiers_here.ts";
import { type OcclusionBenchOptions, occlusionBenchOptions } from "./occlusion_options.ts";
import { timeMaps, type Timing } from "./time_maps.ts";
import { writeFigures } from "./write_figures.ts";

/** How long an occlusion map takes, in one process and fanned out to tile workers. */
export const occlusionBenchmark: Benchmark = {
  name: "occlusion",
  summary: "Times occlusion maps for several numbers of tile workers, everything warm.",
  help: optionHelp("Options of occlusion", occlusionBenchOptions),
  run,
};

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [options] = parseCommandLine(args, occlusionBenchOptions);
  const timings: Timing[] = [];
  for (const id of options.models?.split(",") ?? classifiersHere()) {
    for await (const timing of timeModel(id, options, signal)) {
      timings.push(timing);
      console.error(`${timing.model} ${workersOf(timing)}: ${timing.seconds.toFixed(1)} s`);
    }
  }
  console.log(table([
    ["model", "backend", "workers", "positions", "map, s", "ms per position", "speed-up"],
    ...timings.map((timing) => [
      timing.model,
      timing.backend,
      workersOf(timing),
      `${timing.positions}`,
      timing.seconds.toFixed(2),
      timing.millisecondsPerPosition.toFixed(1),
      timing.speedup === undefined ? "" : `${timing.speedup.toFixed(2)} x`,
    ]),
  ]));
  if (options.json !== undefined) await writeFigures(options.json, timings);
}

const workersOf = ({ workers }: Timing) => workers === 0 ? "in process" : `${workers}`;

async function* timeModel(
  id: string,
  { backend, window, stride, tile, workers }: OcclusionBenchOptions,
  signal: AbortSignal,
): AsyncGenerator<Timing> {
  const source = await openModel(id);
  await using network = await openNetwork(source, { backend, signal });
  const dims = network.inputDims;
  const values = Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(1, i));
  const tensor = float32(values, dims);
  const picture = deprocess(tensor, network.manifest.input);
  const options = occlusionOptions.parse({ window, stride, layer: "none" });
  const plan = await planOcclusion(network, { tensor, picture }, options, { signal });
  yield* timeMaps({
    network,
    plan,
    sha256: source.sha256,
    workers: workers.split(",").map(Number),
    tile,
    signal,
  });
}
