/**
 * The benchmark: `deno task bench`. How long an occlusion map takes, per network and backend, in
 * one process and fanned out to tile workers.
 *
 * @module
 */
import { listModels, locateModel, openModel } from "../../models/catalogue.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { openNetwork } from "../../shared/techniques/network.ts";
import { occlusionOptions, planOcclusion } from "../../shared/techniques/occlusion/mod.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32 } from "../../shared/tensor/tensor.ts";
import { exitCode } from "../cli/exit_code.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { type BenchOptions, benchOptions } from "./bench_options.ts";
import { timeMaps, type Timing } from "./time_maps.ts";

const HELP = [
  "Times occlusion maps for several numbers of tile workers, everything warm.",
  "Usage: deno task bench [options]",
  optionHelp("Options", benchOptions),
].join("\n\n");

async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) return console.log(HELP);
  const [options] = parseCommandLine(args, benchOptions);
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
  if (options.json !== undefined) {
    const machine = { cores: navigator.hardwareConcurrency, deno: Deno.version.deno };
    await Deno.writeTextFile(options.json, JSON.stringify({ machine, timings }, null, 2) + "\n");
  }
}

const workersOf = ({ workers }: Timing) => workers === 0 ? "in process" : `${workers}`;

async function* timeModel(
  id: string,
  { backend, window, stride, tile, workers }: BenchOptions,
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

/** The networks that are on this machine and score classes. */
function classifiersHere(): string[] {
  return listModels()
    .filter((model) => model.outputs?.logits !== undefined && locateModel(model) !== undefined)
    .map(({ id }) => id);
}

if (import.meta.main) {
  Deno.exit(await exitCode((signal) => main(Deno.args, signal), "deno task bench --help"));
}
