import { z } from "zod";
import { openModel } from "../../models/mod.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import { differentiate, unit } from "../../shared/grad/mod.ts";
import { encodeModel } from "../../shared/onnx/mod.ts";
import { type Backend, openSession } from "../../shared/runtime/mod.ts";
import { networkWorkers } from "../../shared/methods/network_workers.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { Network, type NetworkSource } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { optionHelp } from "../cli/help.ts";
import { NETWORK_WORKER } from "../cli/network_worker.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { backendsOf, backendsOption, jsonOption, modelsOf, modelsOption } from "./bench_options.ts";
import { type Benchmark, noiseInput, timeInTurn, writeFigures } from "./benchmark.ts";

const options = z.object({
  models: modelsOption,
  backend: backendsOption,
  steps: z.int().min(1).max(1000).default(32)
    .describe("Steps of integrated gradients."),
  runs: z.int().min(1).max(1000).default(9)
    .describe("Runs of Grad-CAM; of integrated gradients a third as many. The median counts."),
  json: jsonOption,
});

/** Whole methods, against the runs of a graph that they cannot do without. */
export const attributionBenchmark: Benchmark = {
  name: "attribution",
  summary:
    "Times Grad-CAM against one run of the graph of the forward pass and the gradient down " +
    "to its layer, and integrated gradients, on one thread and on two, against as many runs of the " +
    "graph of the input's gradient as it has steps.",
  help: optionHelp("Options of attribution", options),
  run,
};

interface AttributionTiming {
  readonly model: string;
  readonly backend: Backend;
  readonly method: string;
  readonly threads: number;
  /** The runs of the graph alone, on one thread. */
  readonly graphMs: number;
  /** The whole method, figures included. */
  readonly methodMs: number;
  readonly ratio: number;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings: AttributionTiming[] = [];
  const backends = await backendsOf(given.backend);
  for (const id of modelsOf(given.models)) {
    const source = await openModel(id);
    for (const backend of backends) {
      await using network = await openNetwork(source, { backend, signal });
      const integrated = () =>
        timeIntegrated(network, source, given.steps, Math.ceil(given.runs / 3));
      for (const time of [() => timeCam(network, given.runs), integrated]) {
        signal.throwIfAborted();
        for (const timing of await time()) {
          timings.push({ model: id, backend, ...timing });
          console.error(`${id} ${backend} ${timing.method}: ${timing.ratio.toFixed(2)} x`);
        }
      }
    }
  }
  console.log(table([
    ["model", "backend", "method", "threads", "graph alone, ms", "method, ms", "ratio"],
    ...timings.map((timing) => [
      timing.model,
      timing.backend,
      timing.method,
      `${timing.threads}`,
      timing.graphMs.toFixed(1),
      timing.methodMs.toFixed(1),
      `${timing.ratio.toFixed(2)} x`,
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

type Timing = Omit<AttributionTiming, "model" | "backend">;

/** Grad-CAM of a class at the last feature map, as a user runs it. */
async function timeCam(network: Network, runs: number): Promise<Timing[]> {
  const method = await loadMethod("cam");
  const image = noiseInput(network, 1);
  const parsed = parseOptions(method.options, { target: "0" });
  const cam = () => runMethod(method, network, { image }, parsed);
  const layer = network.tensorOf(`${(await cam()).measures.layer}`);
  await using graph = await gradientSession(network, layer);
  const feeds = { [network.inputName]: image.tensor };
  const [graphMs, methodMs] = await timeInTurn(runs, [() => graph.run(feeds), cam]);
  return [{ method: "Grad-CAM", threads: 1, graphMs, methodMs, ratio: methodMs / graphMs }];
}

async function timeIntegrated(
  network: Network,
  source: NetworkSource,
  steps: number,
  runs: number,
): Promise<Timing[]> {
  const method = await loadMethod("integrated-gradients");
  const image = noiseInput(network, 1);
  const parsed = parseOptions(method.options, { target: "0", steps: `${steps}` });
  await using executor = networkWorkers(network, source, {
    spawn: () => new Worker(NETWORK_WORKER, { type: "module" }),
    threads: 2,
  });
  await using graph = await gradientSession(network, network.inputName);
  const feeds = { [network.inputName]: image.tensor };
  const [graphMs, ...methodMs] = await timeInTurn(runs, [
    async () => {
      for (let i = 0; i < steps; i++) await graph.run(feeds);
    },
    () => runMethod(method, network, { image }, parsed),
    () => runMethod(method, network, { image }, parsed, { executor }),
  ]);
  return methodMs.map((ms, i) => ({
    method: `integrated gradients, ${steps} steps`,
    threads: i + 1,
    graphMs,
    methodMs: ms,
    ratio: ms / graphMs,
  }));
}

/** The forward pass, and the gradient of a class's score by a tensor, in one run. */
function gradientSession(network: Network, wrt: string) {
  const { backend, inputName, inputDims, logitsTensor } = network;
  const { model } = differentiate(network.model, {
    objective: unit(logitsTensor, { channel: 0 }),
    wrt: [wrt],
    inputs: { [inputName]: inputDims },
    ...wrt !== inputName && { outputs: [wrt] },
  });
  return openSession(encodeModel(model), { backend });
}
