import { z } from "zod";
import { openModel } from "../../models/mod.ts";
import { runMethod } from "../../shared/contract/run_method.ts";
import type { Corpus, Method, MethodInputs } from "../../shared/contract/method.ts";
import { REQUESTED_BACKENDS } from "../../shared/runtime/backend.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { networkWorkers } from "../../shared/methods/network_workers.ts";
import { loadMethod } from "../../shared/methods/registry.ts";
import { parseOptions } from "../../shared/contract/parse_options.ts";
import { optionHelp } from "../cli/help.ts";
import { NETWORK_WORKER } from "../cli/network_worker.ts";
import { parseCommandLine } from "../cli/option_parser.ts";
import { table } from "../cli/table.ts";
import { jsonOption, modelsOf, modelsOption } from "./bench_options.ts";
import { type Benchmark, noiseInput, writeFigures } from "./benchmark.ts";

/** What is timed: a method with options that make its parallel part most of its work. */
const CASES: Readonly<Record<string, { method: string; options: Record<string, string> }>> = {
  occlusion: { method: "occlusion", options: { stride: "16" } },
  smoothgrad: { method: "gradient", options: { samples: "32" } },
  "integrated-gradients": { method: "integrated-gradients", options: { steps: "32" } },
  "score-cam": { method: "cam", options: { method: "scorecam", channels: "64" } },
  sanity: { method: "gradient", options: { sanity: "true" } },
  segment: { method: "segment", options: { views: "10" } },
  inversion: { method: "inversion", options: { restarts: "4", steps: "20" } },
  neuron: { method: "neuron", options: { count: "4", steps: "16" } },
  embedding: { method: "embedding", options: { method: "pca" } },
  patches: { method: "patches", options: { channels: "0-7", count: "3" } },
};

const names = Object.keys(CASES);

const options = z.object({
  models: modelsOption,
  backend: z.enum(REQUESTED_BACKENDS).default("auto").describe("Where the networks run."),
  methods: z.string().default(names.join())
    .refine((text) => text.split(",").every((name) => names.includes(name)), {
      error: `expected some of ${names.join()}`,
    })
    .describe("What is timed, separated by commas."),
  threads: z.int().min(2).max(256).default(Math.max(2, navigator.hardwareConcurrency))
    .describe("Threads to compare with one."),
  images: z.int().min(10).max(5000).default(64)
    .describe("Images of the corpus of embedding and patches."),
  rounds: z.int().min(1).max(100).default(1)
    .describe("Times that one thread and several are measured in turn; the median ratio counts."),
  json: jsonOption,
});

/** How much faster methods are with more threads. */
export const parallelBenchmark: Benchmark = {
  name: "parallel",
  summary: "Times methods on one thread and on several, in turn, with everything warm.",
  help: optionHelp("Options of parallel", options),
  run,
};

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings = [];
  for (const id of modelsOf(given.models)) {
    const source = await openModel(id);
    await using network = await openNetwork(source, { backend: given.backend, signal });
    await using several = networkWorkers(network, source, {
      spawn: () => new Worker(NETWORK_WORKER, { type: "module" }),
      threads: given.threads,
    });
    for (const name of given.methods.split(",")) {
      const { method: methodId, options: texts } = CASES[name];
      const method = await loadMethod(methodId);
      const inputs = inputsFor(method, network, given.images);
      const parsed = parseOptions(method.options, texts);
      const time = async (executor?: typeof several) => {
        const began = performance.now();
        await runMethod(method, network, inputs, parsed, { executor, signal });
        return (performance.now() - began) / 1000;
      };
      // The first maps open sessions.
      await time(several);
      const pairs: [number, number][] = [];
      for (let i = 0; i < given.rounds; i++) pairs.push([await time(), await time(several)]);
      const [oneSeconds, seconds] = pairs
        .toSorted((a, b) => a[0] / a[1] - b[0] / b[1])[pairs.length >> 1];
      const { threads } = given;
      const speedup = oneSeconds / seconds;
      timings.push({
        ...{ model: id, backend: network.backend, method: name, threads },
        ...{ oneSeconds, seconds, speedup },
      });
      console.error(`${id} ${name}: ${speedup.toFixed(2)} x`);
    }
  }
  console.log(table([
    ["model", "backend", "method", "threads", "one thread, s", "several, s", "speed-up"],
    ...timings.map((timing) => [
      timing.model,
      timing.backend,
      timing.method,
      `${timing.threads}`,
      timing.oneSeconds.toFixed(2),
      timing.seconds.toFixed(2),
      `${timing.speedup.toFixed(2)} x`,
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

function inputsFor({ takes }: Method, network: Network, images: number): MethodInputs {
  // A few that are there already: what reading files costs is another question.
  const few = Array.from({ length: Math.min(images, 8) }, (_, seed) => noiseInput(network, seed));
  const corpus: Corpus = {
    count: images,
    nameOf: (index) => `noise ${index}`,
    read: (index) => Promise.resolve(few[index % few.length]),
  };
  return {
    ...takes.image === "required" && { image: noiseInput(network, 1) },
    ...takes.corpus === "required" && { corpus },
  };
}
