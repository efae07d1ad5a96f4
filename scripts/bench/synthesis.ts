import { z } from "zod";
import { openModel } from "../../models/mod.ts";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel } from "../../shared/onnx/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { unitRecipe } from "../figures/unit_recipe.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { BACKENDS } from "../../shared/runtime/backend.ts";
import { jsonOption } from "./bench_options.ts";
import { type Benchmark, noiseInput, writeFigures } from "./benchmark.ts";
import { compareSyntheses, type Likeness } from "./compare_syntheses.ts";
import { median } from "../../shared/tensor/stats.ts";
import { type MadeUnit, makeUnit, PRESENT } from "./make_unit.ts";

const options = z.object({
  models: z.string().min(1).default("squeezenet1.1")
    .describe("Ids of networks, separated by commas."),
  layers: z.string().min(1).optional()
    .describe("Aliases of layers, separated by commas. All feature maps by default."),
  units: z.int().min(1).max(1000).default(3)
    .describe("Units of each layer, spread over its channels."),
  compare: z.boolean().default(false)
    .describe("Also makes each unit by the recipe that it is compared with, which takes long."),
  backend: z.enum(BACKENDS).default("wasm").describe("Where networks run."),
  json: jsonOption,
});

/** Feature visualization of units, in few steps on a small canvas. */
export const synthesisBenchmark: Benchmark = {
  name: "synthesis",
  summary:
    "Times the synthesis of a unit in few steps on the canvas that it sees, a step against " +
    "forward and gradient of the whole network, and compares activations with many steps on the " +
    "whole input.",
  help: optionHelp("Options of synthesis", options),
  run,
};

interface SynthesisTiming {
  readonly model: string;
  readonly layer: string;
  /** Pixels on a side. */
  readonly canvas: number;
  readonly stepMs: number;
  /** A finished unit. */
  readonly seconds: number;
  /** A step's share of forward and gradient of the whole network at the size of its input. */
  readonly ratio: number;
  /** Units whose activation both recipes leave at zero are not counted. */
  readonly likeness?: Likeness;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings: SynthesisTiming[] = [];
  for (const id of given.models.split(",")) {
    await using network = await openNetwork(await openModel(id), given);
    const wholeMs = await timeWhole(network);
    console.error(`${id}: forward and gradient ${wholeMs.toFixed(1)} ms`);
    const aliases = given.layers?.split(",") ?? network.layers.map(({ alias }) => alias);
    for (const alias of aliases) {
      const layer = network.resolveLayer(alias);
      const [, channels, ...extents] = network.facts.get(layer)?.dims ?? [];
      if (extents.length !== 2 || Math.max(...extents) === 1) continue;
      const count = Math.min(given.units, channels);
      const made: MadeUnit[] = [];
      const present: MadeUnit[] = [];
      for (let i = 0; i < count; i++) {
        signal.throwIfAborted();
        const channel = Math.floor((i + 0.5) * channels / count);
        made.push(await makeUnit(network, `${alias}:${channel}`, unitRecipe(alias)));
        if (!given.compare) continue;
        present.push(await makeUnit(network, `${alias}:${channel}`, PRESENT));
      }
      const stepMs = median(made.map(({ stepMs }) => stepMs));
      timings.push({
        model: id,
        layer: alias,
        canvas: made[0].image.dims[3],
        stepMs,
        seconds: median(made.map(({ seconds }) => seconds)),
        ratio: stepMs / wholeMs,
        ...given.compare && { likeness: await compareSyntheses(network, layer, made, present) },
      });
      console.error(rowOf(timings.at(-1)!).join("  "));
    }
  }
  console.log(table([
    [
      ...["model", "layer", "canvas", "step, ms", "of forward + gradient", "unit, s"],
      ...["units", "peak", "mean"],
    ],
    ...timings.map(rowOf),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

const rowOf = ({ model, layer, canvas, stepMs, ratio, seconds, likeness }: SynthesisTiming) => [
  ...[model, layer, `${canvas}`, stepMs.toFixed(1), `${ratio.toFixed(2)} x`, seconds.toFixed(2)],
  ...likeness
    ? [`${likeness.units}`, likeness.peak.toFixed(2), likeness.mean.toFixed(2)]
    : ["", "", ""],
];

/** Runs that are timed; the first compiles. */
const RUNS = 5;

/** Milliseconds of forward pass and gradient of the whole network, the median of some runs. */
async function timeWhole(network: Network): Promise<number> {
  const { backend, inputName, inputDims, logitsTensor } = network;
  const { model } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: 0 }),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
  });
  await using session = await openSession(encodeModel(model), { backend });
  const feeds = { [inputName]: noiseInput(network, 1).tensor };
  const times: number[] = [];
  for (let i = 0; i <= RUNS; i++) {
    const start = performance.now();
    await session.run(feeds);
    if (i > 0) times.push(performance.now() - start);
  }
  return median(times);
}
