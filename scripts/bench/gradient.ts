import { z } from "zod";
import { openModel } from "../../models/mod.ts";
import { differentiate, RELU_RULES, type ReluRule, unit } from "../../shared/grad/mod.ts";
import { encodeModel, withOutputs } from "../../shared/onnx/mod.ts";
import { type Backend, openSession } from "../../shared/runtime/mod.ts";
import { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { backendsOf, backendsOption, jsonOption, modelsOf, modelsOption } from "./bench_options.ts";
import { type Benchmark, noiseInput, timeInTurn, writeFigures } from "./benchmark.ts";

const options = z.object({
  models: modelsOption,
  backend: backendsOption,
  runs: z.int().min(1).max(1000).default(9)
    .describe("Runs of each model; the median counts."),
  json: jsonOption,
});

/** Forward and input gradient, against the forward pass alone. */
export const gradientBenchmark: Benchmark = {
  name: "gradient",
  summary: "Times a forward pass with the gradient of the input, against the forward pass alone.",
  help: optionHelp("Options of gradient", options),
  run,
};

interface GradientTiming {
  readonly model: string;
  readonly backend: Backend;
  readonly rule: ReluRule;
  readonly forwardMs: number;
  /** Forward pass and gradient in one run. */
  readonly gradientMs: number;
  readonly ratio: number;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings: GradientTiming[] = [];
  const backends = await backendsOf(given.backend);
  for (const id of modelsOf(given.models)) {
    for (const backend of backends) {
      await using network = await openNetwork(await openModel(id), { backend, signal });
      for (const rule of RELU_RULES) {
        signal.throwIfAborted();
        timings.push(await timeRule(network, rule, given.runs));
        console.error(`${id} ${backend} ${rule}: ${timings.at(-1)!.ratio.toFixed(2)} x`);
      }
    }
  }
  console.log(table([
    ["model", "backend", "rule", "forward, ms", "with gradient, ms", "ratio"],
    ...timings.map((timing) => [
      timing.model,
      timing.backend,
      timing.rule,
      timing.forwardMs.toFixed(1),
      timing.gradientMs.toFixed(1),
      `${timing.ratio.toFixed(2)} x`,
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

async function timeRule(network: Network, rule: ReluRule, runs: number): Promise<GradientTiming> {
  const { backend, inputName: name, inputDims: dims, logitsTensor } = network;
  const feeds = { [name]: noiseInput(network, 1).tensor };
  const { model } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: 0 }),
    wrt: [name],
    inputs: { [name]: dims },
    reluRule: rule,
  });
  const open = (bytes: Uint8Array) => openSession(bytes, { backend });
  await using forward = await open(encodeModel(withOutputs(network.model, [logitsTensor])));
  await using gradient = await open(encodeModel(model));
  const [forwardMs, gradientMs] = await timeInTurn(runs, [
    () => forward.run(feeds),
    () => gradient.run(feeds),
  ]);
  return { model: network.id, backend, rule, forwardMs, gradientMs, ratio: gradientMs / forwardMs };
}
