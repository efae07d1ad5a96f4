import type { OcclusionOutline, OcclusionScores } from "../../shared/api/mod.ts";
import { deprocess } from "../../shared/models/mod.ts";
import {
  assembleOcclusion,
  columnOf,
  type COLUMNS,
  evaluateTile,
  occluder,
  occlusionGrid,
  type OcclusionOptions,
  type OcclusionPart,
  type OcclusionPlan,
  planOcclusion,
  Refinement,
} from "../../shared/techniques/occlusion/mod.ts";
import type { TechniqueInput } from "../../shared/contract/technique.ts";
import { log } from "../log.ts";
import { pictureLink } from "../present.ts";
import { ProblemError } from "../problem_error.ts";
import type { Job, Runner } from "../runner.ts";
import { scheduleTiles } from "./schedule_tiles.ts";
import { type Tile, tilesOf } from "./tile.ts";
import { TileClient } from "./tile_client.ts";

/** Plans an occlusion map here, and has its tiles evaluated by whoever has time. */
export const runOcclusion: Runner = async (job, services) => {
  const { loaded, signal, emit } = job;
  const input = job.inputs.picture!;
  const { config, signer, drain } = services;
  const options = job.options as OcclusionOptions;
  checkPositions(input, options, config.MAX_POSITIONS);
  const plan = await planOcclusion(loaded.network, input, options, { signal });
  const total = plan.rows * plan.columns;
  const { backend } = loaded.network;
  emit({ type: "start", total, unit: "positions", backend, occlusion: outline(plan, job) });
  const parts: OcclusionPart[] = [];
  let done = 0;
  using client = signer && new TileClient(signer);
  const evaluateHere = ({ positions }: Tile, signal: AbortSignal) =>
    evaluateTile(loaded.network, plan, positions, { signal });
  const refinement = new Refinement(plan.rows, plan.columns);
  const tiles = tilesOf(() => refinement.take(config.TILE_POSITIONS));
  await scheduleTiles<OcclusionPart>(tiles, {
    workers: client ? config.FANOUT_URL ?? [job.origin] : [],
    inFlight: config.TILES_IN_FLIGHT,
    timeoutMs: config.TILE_SECONDS * 1000,
    signal,
    async post(worker, tile, signal) {
      try {
        return await client!.post(worker, { ...tile, sha256: loaded.sha256, plan }, signal);
      } catch (error) {
        // A server that stops has closed its port to its own tiles too.
        if (!drain.stopping.aborted || signal.aborted) throw error;
        return await evaluateHere(tile, signal);
      }
    },
    rescue: evaluateHere,
    onPart(part) {
      parts.push(part);
      done += part.positions.length;
      const values = columnOf(part.values, plan.score);
      part.positions.forEach((position, i) => refinement.add(position, values[i]));
      emit({ type: "progress", done, total, unit: "positions", occlusion: scoresOf(part, plan) });
    },
    onFailure: ({ worker, tile, error }) => log("warn", "tile failed", { worker, tile, error }),
  });
  return assembleOcclusion(plan, parts);
};

/** Refuses a map with too many positions before anything is computed. */
function checkPositions(
  input: TechniqueInput,
  { window, stride }: OcclusionOptions,
  limit: number,
): void {
  const [height, width] = input.tensor.dims.slice(2);
  const { rows, columns } = occlusionGrid(height, width, window, stride);
  if (rows * columns <= limit) return;
  throw new ProblemError(
    "too-large",
    `A window of ${window} and a stride of ${stride} make ${rows} x ${columns} positions, ` +
      `at most ${limit} are allowed; choose a larger stride`,
  );
}

function outline(plan: OcclusionPlan, { loaded }: Job): OcclusionOutline {
  const { rows, columns, target, score, labels, picture, input, job, layerName, unoccluded } = plan;
  const { window, stride, fill, seed, layer, measures } = job;
  const preprocessing = loaded.network.manifest.input;
  const shown = occluder(fill, { input, window, seed, preprocessing });
  return {
    rows,
    columns,
    window,
    stride,
    target: { index: target.index, label: labels[target.index] },
    score,
    measures,
    unoccluded,
    layer: layer && { name: layerName ?? layer.tensor, channel: layer.channel },
    labels,
    picture: pictureLink(picture),
    occluder: pictureLink(deprocess(shown, loaded.manifest.input)),
  };
}

function scoresOf({ positions, values }: OcclusionPart, { job }: OcclusionPlan): OcclusionScores {
  const column = (name: typeof COLUMNS[number]) => columnOf(values, name);
  return {
    positions,
    logit: column("logit"),
    ...job.measures === "all" && {
      probability: column("probability"),
      topClass: column("topClass"),
      topProbability: column("topProbability"),
    },
    ...job.layer && { layerSum: column("layerSum") },
  };
}
