import { runMethod } from "../../../shared/contract/run_method.ts";
import type { MethodInput } from "../../../shared/contract/method.ts";
import { differentiate, RELU_RULES, unit } from "../../../shared/grad/mod.ts";
import { classModel } from "../../../shared/methods/class-model/mod.ts";
import { networkWorkers } from "../../../shared/methods/network_workers.ts";
import {
  evaluateTile,
  occlusion,
  occlusionGrid,
  occlusionOptions,
  planOcclusion,
} from "../../../shared/methods/occlusion/mod.ts";
import type { Network, NetworkSource } from "../../../shared/network/network.ts";
import { openModelSession } from "../../../shared/network/open_session.ts";
import { type Model, withOutputs } from "../../../shared/onnx/mod.ts";
import { NETWORK_WORKER } from "../../cli/network_worker.ts";
import type { PeerJob } from "./torch_peer.ts";

/** What a job computed here. */
export interface OwnAnswer {
  readonly ms: number;
  /** What the peer has to find as well. */
  readonly values?: ArrayLike<number>;
}

/** A job that both do. */
export interface Duel {
  readonly job: string;
  /** Does it once here. */
  ours(): Promise<OwnAnswer>;
  readonly theirs: PeerJob;
  /** What the peer's time is divided by: positions where ours is the time of one. @default 1 */
  readonly per?: number;
}

export interface DuelSetup {
  readonly network: Network;
  readonly source: NetworkSource;
  readonly input: MethodInput;
  /** Of the occlusion map. */
  readonly stride: number;
  /** Occluded images that the peer runs at once. */
  readonly batch: number;
  readonly signal: AbortSignal;
  /** What is open until all is done. */
  readonly stack: AsyncDisposableStack;
}

const WINDOW = 32;

/** Positions that are evaluated together, as tiles are. */
const TILE = 4;

/** Steps of a class visualization whose mean counts. */
const STEPS = 4;

const CHANNEL = 0;

/** What is compared, by name. */
export const DUELS: Readonly<Record<string, (setup: DuelSetup) => Promise<Duel[]>>> = {
  async forward(setup) {
    const model = withOutputs(setup.network.model, [setup.network.logitsTensor]);
    return [{ job: "forward", ours: await runs(model, setup), theirs: { job: "forward" } }];
  },
  async gradient(setup) {
    const { network: { model, logitsTensor, inputName, inputDims } } = setup;
    const duels: Duel[] = [];
    for (const rule of RELU_RULES) {
      const gradient = differentiate(model, {
        objective: unit(logitsTensor, { channel: CHANNEL }),
        wrt: [inputName],
        inputs: { [inputName]: inputDims },
        reluRule: rule,
      });
      duels.push({
        job: `gradient, ${rule}`,
        ours: await runs(gradient.model, setup),
        theirs: { job: "gradient", rule, channel: CHANNEL },
      });
    }
    return duels;
  },
  step({ network, signal }) {
    const options = classModel.options.parse({ target: `${CHANNEL}`, steps: STEPS });
    return Promise.resolve([{
      job: "class visualization, a step",
      async ours() {
        const { measures } = await runMethod(classModel, network, {}, options, { signal });
        return { ms: 1000 * (measures.stepSeconds as number) };
      },
      theirs: { job: "gradient", rule: "plain", channel: CHANNEL },
    }]);
  },
  async position(setup) {
    const { network, input, signal } = setup;
    // As far apart as they may be.
    const plan = await planOcclusion(network, input, chosen(WINDOW), { signal });
    const count = positionsAt(network, WINDOW);
    const all = Array.from({ length: count }, (_, i) => i);
    const tiles = Array.from(
      { length: Math.ceil(count / TILE) },
      (_, i) => all.slice(TILE * i, TILE * (i + 1)),
    );
    return [{
      job: "occlusion, a position",
      async ours() {
        const { ms } = await timed(async () => {
          for (const tile of tiles) await evaluateTile(network, plan, tile, { signal });
        });
        return { ms: ms / count };
      },
      theirs: occlusionOf(WINDOW, setup.batch),
      per: count,
    }];
  },
  map(setup) {
    const { network, source, input, stride, batch, signal, stack } = setup;
    const options = chosen(stride);
    return Promise.resolve([1, 2].map((threads) => {
      const executor = networkWorkers(network, source, {
        spawn: () => new Worker(NETWORK_WORKER, { type: "module" }),
        threads,
      });
      stack.use(executor);
      return {
        job: `occlusion, a map, ${threads === 1 ? "1 worker" : `${threads} workers`}`,
        ours: () =>
          timed(() =>
            runMethod(occlusion, network, { image: input }, options, { executor, signal })
          ),
        theirs: occlusionOf(stride, batch),
      };
    }));
  },
};

const chosen = (stride: number) =>
  occlusionOptions.parse({
    ...{ window: WINDOW, target: `${CHANNEL}`, layer: "none", measures: "logit", stride },
  });

const occlusionOf = (stride: number, batch: number): PeerJob => ({
  ...{ job: "occlusion", window: WINDOW, stride, channel: CHANNEL, batch },
});

function positionsAt({ inputDims: [, , height, width] }: Network, stride: number): number {
  const { rows, columns } = occlusionGrid(height, width, WINDOW, stride);
  return rows * columns;
}

/** Runs of a model in a session of its own; its last output is what the peer finds. */
async function runs(
  model: Model,
  { network: { backend, inputName }, input: { tensor }, stack }: DuelSetup,
): Promise<() => Promise<OwnAnswer>> {
  const { session } = await openModelSession(model, backend);
  stack.use(session);
  return async () => {
    const began = performance.now();
    const results = await session.run({ [inputName]: tensor });
    const ms = performance.now() - began;
    return { ms, values: results[session.outputs.at(-1)!.name].data as Float32Array };
  };
}

async function timed(job: () => Promise<unknown>): Promise<OwnAnswer> {
  const began = performance.now();
  await job();
  return { ms: performance.now() - began };
}
