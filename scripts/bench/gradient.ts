import { z } from "zod";
import { openModel } from "../../models/mod.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { RELU_RULES, type ReluRule } from "../../shared/grad/mod.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { imageGradient } from "../../shared/network/image_gradient.ts";
import type { Backend } from "../../shared/runtime/mod.ts";
import type { Network } from "../../shared/network/network.ts";
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

/** Forward and input gradient, against the forward pass alone, and a whole request of them. */
export const gradientBenchmark: Benchmark = {
  name: "gradient",
  summary: "Times a forward pass with the gradient of the input, against the forward pass alone, " +
    "and the whole method on an open network.",
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
  /** The whole method, of the same image and class once more. */
  readonly requestMs: number;
  /** The whole method, of the same image and another class each time. */
  readonly otherClassMs: number;
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
    [
      "model",
      "backend",
      "rule",
      "forward, ms",
      "with gradient, ms",
      "ratio",
      "request, ms",
      "another class, ms",
    ],
    ...timings.map((timing) => [
      timing.model,
      timing.backend,
      timing.rule,
      timing.forwardMs.toFixed(1),
      timing.gradientMs.toFixed(1),
      `${timing.ratio.toFixed(2)} x`,
      timing.requestMs.toFixed(1),
      timing.otherClassMs.toFixed(1),
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

async function timeRule(network: Network, rule: ReluRule, runs: number): Promise<GradientTiming> {
  const { backend, logitsTensor: layer } = network;
  const { tensor } = noiseInput(network, 1);
  const spec = { kind: "sum", terms: [{ weight: 1, at: { channel: 0 } }] } as const;
  const aim = { spec, layer, label: "class 0", quantity: "logit" };
  const gradient = imageGradient(network, { aim, rule });
  const [forwardMs, gradientMs] = await timeInTurn(runs, [
    () => network.compute(tensor, [layer]),
    () => gradient(tensor, {}),
  ]);
  const requests = await timeRequests(network, rule, runs);
  return {
    ...{ model: network.id, backend, rule, forwardMs, gradientMs },
    ratio: gradientMs / forwardMs,
    ...requests,
  };
}

/** The whole method on an open network, its figure included: for an image and a class, and again. */
async function timeRequests(
  network: Network,
  rule: ReluRule,
  runs: number,
): Promise<Pick<GradientTiming, "requestMs" | "otherClassMs">> {
  const method = await loadMethod("gradient");
  const image = noiseInput(network, 1);
  let other = 0;
  const request = (target: number) =>
    runMethod(
      method,
      network,
      { image },
      parseOptions(method.options, { target: `${target}`, rule }),
    );
  const [requestMs, otherClassMs] = await timeInTurn(runs, [
    () => request(0),
    () => request(++other % network.labels.length),
  ]);
  return { requestMs, otherClassMs };
}
