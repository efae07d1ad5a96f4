import type { MultiplyAdds } from "../../shared/incremental/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import {
  evaluateTile,
  type OcclusionOptions,
  type OcclusionPlan,
  planOcclusion,
} from "../../shared/methods/occlusion/mod.ts";
import type { MethodInput } from "../../shared/contract/method.ts";
import { median } from "../../shared/tensor/stats.ts";

/** Positions that are evaluated together, as tiles are. */
const TILE = 4;

/** What a position costs. */
export interface PositionTiming {
  readonly model: string;
  readonly backend: string;
  readonly measures: OcclusionOptions["measures"];
  /** Milliseconds for a position, medians. */
  readonly fullMs: number;
  readonly incrementalMs: number;
  /** Full over incremental, the median of what was measured side by side. */
  readonly ratio: number;
  readonly multiplyAdds: MultiplyAdds;
}

export interface TimePositionsOptions {
  readonly network: Network;
  readonly input: MethodInput;
  readonly options: OcclusionOptions;
  /** Positions to time, spread over the map. */
  readonly positions: number;
  readonly signal: AbortSignal;
}

/** Times full and incremental inference in turn, so that both see the same noise of the machine. */
export async function timePositions(
  { network, input, options, positions, signal }: TimePositionsOptions,
): Promise<PositionTiming> {
  const plan = (inference: "full" | "incremental") =>
    planOcclusion(network, input, { ...options, inference }, { signal });
  const [full, incremental] = [await plan("full"), await plan("incremental")];
  const tiles = spreadTiles(full, positions);
  const times: [number, number][] = [];
  // The first tile warms up.
  for (const tile of [tiles[0], ...tiles]) {
    times.push([
      await time(() => evaluateTile(network, full, tile, { signal })) / tile.length,
      await time(() => evaluateTile(network, incremental, tile, { signal })) / tile.length,
    ]);
  }
  const measured = times.slice(1);
  return {
    model: network.id,
    backend: network.backend,
    measures: options.measures,
    fullMs: median(measured.map(([ms]) => ms)),
    incrementalMs: median(measured.map(([, ms]) => ms)),
    ratio: median(measured.map(([a, b]) => a / b)),
    multiplyAdds: incremental.incremental!.multiplyAdds,
  };
}

/** Every so many positions of the map, in tiles, each of which is spread over it too. */
function spreadTiles({ rows, columns }: OcclusionPlan, count: number): number[][] {
  const total = rows * columns;
  const tiles = Math.max(1, Math.round(Math.min(count, total) / TILE));
  return Array.from(
    { length: tiles },
    (_, tile) =>
      Array.from(
        { length: Math.min(TILE, total) },
        (_, i) => Math.floor(((i * tiles + tile + 0.5) * total) / (tiles * Math.min(TILE, total))),
      ),
  );
}

async function time(job: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await job();
  return performance.now() - started;
}
