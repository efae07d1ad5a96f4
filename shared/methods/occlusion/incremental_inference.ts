import {
  areaAt,
  buildIncremental,
  geometryOf,
  incrementalFeeds,
  type IncrementalModel,
  type IncrementalPlan,
  planIncremental,
  type Position,
  selectClass,
} from "../../incremental/mod.ts";
import { sha256 } from "../../models/sha256.ts";
import { upgradeModel, withOutputs } from "../../onnx/mod.ts";
import type { Backend, RunOptions } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { scoresIn, scoreTensors } from "../../network/class_scores.ts";
import type { Network } from "../../network/network.ts";
import {
  batchOf,
  type Inference,
  inGroups,
  type OcclusionInputs,
  onlyLogit,
  sumOfArea,
  sumOfChannel,
  valuesOf,
} from "./inference.ts";
import { occlusionGrid } from "./grid.ts";
import type { OcclusionJob } from "./plan.ts";
import { UnchangedCache } from "./unchanged_cache.ts";

/** What a plan depends on. */
export type PlannedJob =
  & Pick<OcclusionJob, "dims" | "window" | "stride" | "target" | "measures">
  & {
    readonly layer: { readonly tensor: string } | null;
  };

/** Bytes of unoccluded feature maps that are kept for a network. */
const UNCHANGED_BYTES = 96 * 2 ** 20;

/** Plans that are kept for a network. */
const PLANS = 4;

/**
 * How dear nodes and copies are beside multiply-adds, as a multiple of what they are on WASM; of the
 * native build fitted to what the three published networks gain.
 */
const OVERHEAD: Readonly<Record<Backend, number>> = { wasm: 1, webgpu: 1, native: 10 };

/** What is kept of a network for the tiles that follow. */
interface Kept {
  readonly models: Map<string, IncrementalModel>;
  readonly unchanged: UnchangedCache;
}

const keptOf = new WeakMap<Network, Kept>();

/** How a network is run with the occluder at the positions of a job. */
export function planFor(network: Network, job: PlannedJob): IncrementalPlan {
  return modelFor(network, job).incremental.plan;
}

function modelFor(
  network: Network,
  job: PlannedJob,
): { key: string; incremental: IncrementalModel } {
  const { dims, window, stride, target, measures, layer } = job;
  const isLogit = measures === "logit";
  const key = JSON.stringify([dims, window, stride, layer?.tensor, isLogit && target]);
  const { models } = kept(network);
  const incremental = models.get(key) ?? build(network, job);
  models.delete(key);
  models.set(key, incremental);
  const [oldest] = models.keys();
  if (models.size > PLANS) models.delete(oldest);
  return { key, incremental };
}

function kept(network: Network): Kept {
  const found = keptOf.get(network) ??
    { models: new Map(), unchanged: new UnchangedCache(UNCHANGED_BYTES) };
  keptOf.set(network, found);
  return found;
}

function build(network: Network, job: PlannedJob): IncrementalModel {
  const { dims, window, stride, target, measures, layer } = job;
  const model = upgradeModel(network.model);
  const { logitsTensor: scores } = network;
  const isLogit = measures === "logit";
  const cut = isLogit ? selectClass(model, network.facts, scores, target) : undefined;
  const { rows, columns } = occlusionGrid(dims[2], dims[3], window, stride);
  const spans = (count: number, extent: number) =>
    Array.from({ length: count }, (_, i) => {
      const start = i * stride;
      return { start, size: Math.min(window, extent - start) };
    });
  const plan = planIncremental(cut ?? model, {
    input: network.inputName,
    dims,
    positions: [spans(rows, dims[2]), spans(columns, dims[3])],
    outputs: isLogit ? [scores] : scoreTensors(network),
    maps: layer === null ? [] : [layer.tensor],
    overhead: OVERHEAD[network.backend],
  });
  return buildIncremental(plan);
}

/** Computes at each position what the occluder changes, and takes the rest from one full run. */
export async function incrementalInference(
  network: Network,
  job: OcclusionJob,
  inputs: OcclusionInputs,
  options: RunOptions,
): Promise<Inference> {
  const { key, incremental } = modelFor(network, job);
  const values = await unchangedValues(network, key, incremental, inputs.input, options);
  const columns = incremental.plan.options.positions[1].length;
  const place = (position: number): Position => [
    Math.floor(position / columns),
    position % columns,
  ];
  const names = [...new Set([...incremental.outputs.values()].map(({ name }) => name))];
  return {
    groups(positions) {
      const batch = batchOf(network);
      if (batch === 1) return inGroups(positions, 1);
      const alike = Map.groupBy(positions, (at) => geometryOf(incremental, place(at)));
      return [...alike.values()].flatMap((group) => inGroups(group, batch));
    },
    async evaluate(group, options) {
      const positions = group.map(place);
      const results = await network.evaluate(
        incremental.model,
        incrementalFeeds(incremental, { values, shown: inputs.shown }, positions),
        names,
        options,
      );
      const named = Object.fromEntries(
        [...incremental.outputs].map(([name, output]) => [name, results[output.name]]),
      );
      const rows = positions.map((position, row) => {
        if (job.measures === "logit") {
          const scores = named[network.logitsTensor].data as Float32Array;
          const classes = scores.length / group.length;
          return onlyLogit(scores[row * classes + (classes === 1 ? 0 : job.target)]);
        }
        const sum = job.layer === null
          ? NaN
          : layerSum(incremental, values, named, job.layer, position, row);
        return valuesOf(scoresIn(network, named, row, group.length), job.target, sum);
      });
      return Float32Array.from(rows.flat());
    },
  };
}

/** The unoccluded values of the tensors that patches are pasted into. */
async function unchangedValues(
  network: Network,
  key: string,
  { plan, cached }: IncrementalModel,
  input: Tensor<"float32">,
  options: RunOptions,
): Promise<Record<string, Tensor<"float32">>> {
  const { inputName } = network;
  const names = cached.filter((name) => name !== inputName);
  const { buffer, byteOffset, byteLength } = input.data;
  const content = await sha256(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  const values = names.length === 0 ? {} : await kept(network).unchanged.get(
    `${key} ${content}`,
    () =>
      network.evaluate(
        withOutputs(plan.model, names),
        { [inputName]: input },
        names,
        options,
      ) as Promise<Record<string, Tensor<"float32">>>,
  );
  return { ...values, [inputName]: input };
}

/** Total activation of the layer's channel, where a patch of it or the whole layer is there. */
function layerSum(
  { outputs, plan }: IncrementalModel,
  values: Readonly<Record<string, Tensor<"float32">>>,
  results: Readonly<Record<string, Tensor>>,
  { tensor, channel }: NonNullable<OcclusionJob["layer"]>,
  position: Position,
  row: number,
): number {
  const now = sumOfChannel(results[tensor], channel, row);
  if (!outputs.get(tensor)!.isPatch) return now;
  const [rows, columns] = areaAt(plan.trace.changes.get(tensor)!, position);
  const before = values[tensor];
  return sumOfChannel(before, channel) - sumOfArea(before, channel, rows, columns) + now;
}
