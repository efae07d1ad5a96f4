import { z } from "zod";
import { openModel } from "../../models/catalogue.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { differentiate, RELU_RULES, type ReluRule, unit } from "../../shared/grad/mod.ts";
import { encodeModel, withOutputs } from "../../shared/onnx/mod.ts";
import { type Backend, openSession } from "../../shared/runtime/mod.ts";
import { deprocess } from "../../shared/models/mod.ts";
import { Network, openNetwork } from "../../shared/network/network.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { optionHelp } from "../cli/help.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { backendsHere } from "./backends_here.ts";
import type { Benchmark } from "./benchmark.ts";
import { classifiersHere } from "./classifiers_here.ts";
import { median } from "./median.ts";
import { noiseFor } from "./noise_for.ts";
import { writeFigures } from "./write_figures.ts";

const options = z.object({
  models: z.string().min(1).optional()
    .describe("Ids of networks, separated by commas. All that are here by default."),
  backend: z.string().regex(/^(wasm|webgpu|native)(,(wasm|webgpu|native))*$/).optional()
    .describe("Backends to compare, separated by commas. All that are here by default."),
  runs: z.int().min(1).max(1000).default(9)
    .describe("Runs of each model; the median counts."),
  json: z.string().min(1).optional()
    .describe("File to write the figures to as JSON."),
});

/** Forward and input gradient, against the forward pass alone; Grad-CAM, against its gradient. */
export const gradientBenchmark: Benchmark = {
  name: "gradient",
  summary: "Times a forward pass with the gradient of the input, against the forward pass alone, " +
    "and Grad-CAM against a forward pass with the gradient down to its layer.",
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

interface CamTiming {
  readonly model: string;
  readonly backend: Backend;
  readonly layer: string;
  /** Forward pass and gradient down to the layer in one run. */
  readonly gradientMs: number;
  /** The whole method, images included. */
  readonly camMs: number;
  readonly ratio: number;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings: GradientTiming[] = [];
  const cams: CamTiming[] = [];
  const backends = given.backend?.split(",") as Backend[] | undefined ?? await backendsHere();
  for (const id of given.models?.split(",") ?? classifiersHere()) {
    for (const backend of backends) {
      await using network = await openNetwork(await openModel(id), { backend, signal });
      for (const rule of RELU_RULES) {
        signal.throwIfAborted();
        timings.push(await timeRule(network, rule, given.runs));
        console.error(`${id} ${backend} ${rule}: ${timings.at(-1)!.ratio.toFixed(2)} x`);
      }
      signal.throwIfAborted();
      cams.push(await timeCam(network, given.runs));
      console.error(`${id} ${backend} Grad-CAM: ${cams.at(-1)!.ratio.toFixed(2)} x`);
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
  console.log(table([
    ["model", "backend", "layer", "gradient to it, ms", "Grad-CAM, ms", "ratio"],
    ...cams.map((timing) => [
      timing.model,
      timing.backend,
      timing.layer,
      timing.gradientMs.toFixed(1),
      timing.camMs.toFixed(1),
      `${timing.ratio.toFixed(2)} x`,
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, { gradients: timings, cams });
}

async function timeRule(network: Network, rule: ReluRule, runs: number): Promise<GradientTiming> {
  const { backend, inputName: name, inputDims: dims, logitsTensor } = network;
  const feeds = { [name]: noiseFor(network) };
  const { model } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: 0 }),
    wrt: [name],
    inputs: { [name]: dims },
    reluRule: rule,
  });
  const open = (bytes: Uint8Array) => openSession(bytes, { backend });
  await using forward = await open(encodeModel(withOutputs(network.model, [logitsTensor])));
  await using gradient = await open(encodeModel(model));
  const [forwardMs, gradientMs] = await timeInTurn(
    runs,
    () => forward.run(feeds),
    () => gradient.run(feeds),
  );
  return { model: network.id, backend, rule, forwardMs, gradientMs, ratio: gradientMs / forwardMs };
}

/** Grad-CAM of a class at the last feature map, as a user runs it. */
async function timeCam(network: Network, runs: number): Promise<CamTiming> {
  const { backend, inputName, inputDims, logitsTensor } = network;
  const method = await loadMethod("cam");
  const tensor = noiseFor(network);
  const image = { tensor, image: deprocess(tensor, network.manifest.input) };
  const options = parseOptions(method.options, { target: "0" });
  const cam = () => runMethod(method, network, { image }, options);
  const layer = `${(await cam()).measures.layer}`;
  const { model } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: 0 }),
    wrt: [layer],
    inputs: { [inputName]: inputDims },
    outputs: [layer],
  });
  await using gradient = await openSession(encodeModel(model), { backend });
  const feeds = { [inputName]: tensor };
  const [gradientMs, camMs] = await timeInTurn(runs, () => gradient.run(feeds), cam);
  return { model: network.id, backend, layer, gradientMs, camMs, ratio: camMs / gradientMs };
}

/** Median milliseconds of two jobs, in turn, so that both see the same noise of the machine. */
async function timeInTurn(
  runs: number,
  ...jobs: readonly [() => Promise<unknown>, () => Promise<unknown>]
): Promise<[number, number]> {
  const times: number[][] = [[], []];
  // The first runs compile.
  for (let i = 0; i <= runs; i++) {
    for (const [k, job] of jobs.entries()) {
      const start = performance.now();
      await job();
      if (i > 0) times[k].push(performance.now() - start);
    }
  }
  return [median(times[0]), median(times[1])];
}
