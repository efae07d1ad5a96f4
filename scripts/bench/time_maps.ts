import { scheduleTiles } from "../../functions/tiles/schedule_tiles.ts";
import { Signer } from "../../functions/tiles/signature.ts";
import { type Tile, tilesOf } from "../../functions/tiles/tile.ts";
import { TileClient } from "../../functions/tiles/tile_client.ts";
import type { Network } from "../../shared/network/network.ts";
import {
  evaluateTile,
  type OcclusionPart,
  type OcclusionPlan,
  Refinement,
} from "../../shared/techniques/occlusion/mod.ts";
import { TileWorkers } from "./tile_workers.ts";

/** Longest a tile may take, in milliseconds; a slow machine is not a failure. */
const TIMEOUT_MS = 600_000;

/** One measurement. */
export interface Timing {
  readonly model: string;
  readonly backend: string;
  /** 0: in this process, without HTTP. */
  readonly workers: number;
  readonly positions: number;
  /** Whole map. */
  readonly seconds: number;
  readonly millisecondsPerPosition: number;
  /** Times as fast as one worker, where that was measured. */
  readonly speedup?: number;
}

export interface TimeMapsOptions {
  readonly network: Network;
  readonly plan: OcclusionPlan;
  /** sha256 of the network's file. */
  readonly sha256: string;
  /** Numbers of workers. */
  readonly workers: readonly number[];
  /** Positions in a tile. */
  readonly tile: number;
  readonly signal: AbortSignal;
}

/** Times one map in this process, then one for each number of workers, everything warm. */
export async function* timeMaps(options: TimeMapsOptions): AsyncGenerator<Timing> {
  const { network, plan, signal } = options;
  const positions = plan.rows * plan.columns;
  const timing = (workers: number, seconds: number) => ({
    model: network.id,
    backend: network.backend,
    workers,
    positions,
    seconds,
    millisecondsPerPosition: (1000 * seconds) / positions,
  });
  const all = Array.from({ length: positions }, (_, position) => position);
  await evaluateTile(network, plan, [0], { signal });
  const alone = await seconds(() => evaluateTile(network, plan, all, { signal }));
  yield timing(0, alone);
  let one: number | undefined;
  for (const workers of options.workers) {
    const taken = await timeWorkers(workers, options);
    if (workers === 1) one = taken;
    yield { ...timing(workers, taken), ...one !== undefined && { speedup: one / taken } };
  }
}

async function timeWorkers(count: number, options: TimeMapsOptions): Promise<number> {
  const { network, plan, sha256, tile, signal } = options;
  const secret = crypto.randomUUID();
  await using workers = await TileWorkers.start(count, secret, network.backend);
  using client = new TileClient(new Signer(secret));
  const { origins } = workers;
  const post = (origin: string, part: Tile, signal: AbortSignal) =>
    client.post(origin, { ...part, sha256, plan }, signal);
  await Promise.all(origins.map((origin) => post(origin, { positions: [0] }, signal)));
  const refinement = new Refinement(plan.rows, plan.columns);
  return await seconds(() =>
    scheduleTiles<OcclusionPart>(tilesOf(() => refinement.take(tile)), {
      workers: origins,
      inFlight: 2 * count,
      timeoutMs: TIMEOUT_MS,
      // A second request for a straggler would measure another thing.
      hedgeMs: TIMEOUT_MS,
      attempts: 1,
      post,
      rescue: () => Promise.reject(new Error("Cannot time the map: a tile failed")),
      onPart: () => {},
      onFailure: ({ error }) => console.error(error),
      signal,
    })
  );
}

async function seconds(job: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await job();
  return (performance.now() - started) / 1000;
}
