import { z } from "zod";
import { openModel } from "../../../models/mod.ts";
import { Network } from "../../../shared/network/network.ts";
import { openNetwork } from "../../../shared/network/open_network.ts";
import type { Backend } from "../../../shared/runtime/mod.ts";
import { median, quantile } from "../../../shared/tensor/stats.ts";
import { optionHelp } from "../../cli/help.ts";
import { parseCommandLine } from "../../cli/option_parser.ts";
import { table } from "../../cli/table.ts";
import {
  backendsOf,
  backendsOption,
  jsonOption,
  modelsOf,
  modelsOption,
} from "../bench_options.ts";
import { type Benchmark, noiseInput, writeFigures } from "../benchmark.ts";
import { exportGraph } from "./export_graph.ts";
import { type Duel, DUELS } from "./duels.ts";
import { startTorchPeer, type TorchPeer } from "./torch_peer.ts";

const NAMES = Object.keys(DUELS);

const options = z.object({
  models: modelsOption,
  backend: backendsOption,
  jobs: z.string().default(NAMES.join())
    .refine((text) => text.split(",").every((name) => NAMES.includes(name)), {
      error: `expected some of ${NAMES.join()}`,
    })
    .describe("What is compared, separated by commas."),
  rounds: z.int().min(1).max(1000).default(7)
    .describe("Times that both do each job, in turn."),
  stride: z.int().min(1).default(16).describe("Of the occlusion map; the window is 32."),
  batch: z.int().min(1).max(256).default(8).describe("Occluded images that PyTorch runs at once."),
  threads: z.int().min(1).max(256).default(1).describe("Threads of PyTorch."),
  python: z.string().default("/usr/bin/python3")
    .describe("Interpreter with PyTorch; the environment's CAPTUM names the folder of Captum."),
  json: jsonOption,
});

/** This project beside PyTorch and Captum. */
export const peersBenchmark: Benchmark = {
  name: "peers",
  summary: "Times this project beside PyTorch in turn; needs Debian's python3-torch.",
  help: optionHelp("Options of peers", options),
  run,
};

/** One job, done by both in turn. */
interface PeerTiming {
  readonly model: string;
  readonly backend: Backend;
  readonly peer: string;
  readonly job: string;
  /** Medians. */
  readonly ms: number;
  readonly peerMs: number;
  /** The peer's time over ours: of the pairs the lower quartile, the median and the upper one. */
  readonly ratios: readonly [low: number, median: number, high: number];
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const [given] = parseCommandLine(args, options);
  const timings: PeerTiming[] = [];
  for (const id of modelsOf(given.models)) {
    const source = await openModel(id);
    for (const backend of await backendsOf(given.backend)) {
      await using network = await openNetwork(source, { backend, signal });
      await using peer = await peerOf(network, given.python);
      await using stack = new AsyncDisposableStack();
      const { stride, batch } = given;
      const setup = {
        network,
        source,
        input: noiseInput(network, 1),
        stride,
        batch,
        signal,
        stack,
      };
      for (const name of given.jobs.split(",")) {
        for (const duel of await DUELS[name](setup)) {
          signal.throwIfAborted();
          timings.push(await fight(network, peer, duel, given));
          const { job, ratios: [, ratio] } = timings.at(-1)!;
          console.error(`${id} ${backend} ${job}: ${ratio.toFixed(2)} x`);
        }
      }
    }
  }
  console.log(table([
    ["model", "backend", "job", "ms", "peer, ms", "peer over this", "quartiles", "peer"],
    ...timings.map(({ model, backend, job, ms, peerMs, ratios: [low, middle, high], peer }) => [
      ...[model, backend, job, ms.toFixed(1), peerMs.toFixed(1), `${middle.toFixed(2)} x`],
      ...[`${low.toFixed(2)} to ${high.toFixed(2)}`, peer],
    ]),
  ]));
  if (given.json !== undefined) await writeFigures(given.json, timings);
}

async function peerOf(network: Network, python: string): Promise<TorchPeer> {
  const folder = await Deno.makeTempDir();
  try {
    await exportGraph(network, noiseInput(network, 1).tensor, folder);
    return await startTorchPeer(python, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Share of the largest value by which the two may differ: sums in another order, by which a value
 * may fall on the other side of a rectifier's corner (0.2 % in MobileNet v2).
 */
const TOLERANCE = 1e-2;

/** @throws {Error} If they did not compute the same. */
function checkSame(own: ArrayLike<number>, others: readonly number[], what: string): void {
  const largest = others.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const off = others.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i])), 0);
  if (own.length === others.length && off <= TOLERANCE * largest) return;
  throw new Error(`Cannot compare the ${what}: the two differ by ${off}, of at most ${largest}`);
}

/** Both do the job, one after the other, after a first time each that does not count. */
async function fight(
  { id: model, backend }: Network,
  peer: TorchPeer,
  { job, ours, theirs, per = 1 }: Duel,
  { rounds, threads }: { readonly rounds: number; readonly threads: number },
): Promise<PeerTiming> {
  const pairs: [number, number][] = [];
  for (let round = 0; round <= rounds; round++) {
    const own = await ours();
    const { ms, values } = await peer.ask(theirs, threads);
    if (own.values) checkSame(own.values, values, `${job} of ${model}`);
    if (round > 0) pairs.push([own.ms, ms / per]);
  }
  const ratios = pairs.map(([own, other]) => other / own).sort((a, b) => a - b);
  return {
    ...{ model, backend, peer: peer.name, job },
    ms: median(pairs.map(([own]) => own)),
    peerMs: median(pairs.map(([, other]) => other)),
    ratios: [quantile(ratios, 0.25), median(ratios), quantile(ratios, 0.75)],
  };
}
