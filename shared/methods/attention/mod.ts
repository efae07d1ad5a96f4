/**
 * What the tokens of a vision transformer read: the attention of each head, and its rollout through
 * the layers.
 *
 * @module
 */
import type { Context, ImageInputs, Method, Paper, Run } from "../../contract/method.ts";
import { float32, type Matrix, rowOf } from "../../tensor/tensor.ts";
import { attentionModel } from "./attention_model.ts";
import { attentionFigure } from "./figures.ts";
import { findAttention, type GlobalAttention } from "./find_layer.ts";
import { type AttentionOptions, attentionOptions } from "./options.ts";
import { queryOf, rowFor } from "./query.ts";
import { rollout } from "./rollout.ts";
import { requireFinite } from "../../network/require_finite.ts";

export * from "./options.ts";

const ABNAR_2020: Paper = {
  title: "Quantifying Attention Flow in Transformers",
  authors: "Samira Abnar, Willem Zuidema",
  venue: "ACL",
  year: 2020,
  url: "https://arxiv.org/abs/2005.00928",
};

/** Which positions a token of a transformer reads. */
export const attention: Method<AttentionOptions, ImageInputs> = {
  id: "attention",
  title: "Attention maps and rollout",
  summary: "Shows which positions of the image each head of a transformer attends to.",
  paper: ABNAR_2020,
  takes: { image: "required" },
  options: attentionOptions,
  run,
  emit: ({ network }, _inputs, { layer }) =>
    Promise.resolve(attentionModel(network, findAttention(network, layer)).model),
};

async function* run(
  { network, signal }: Context,
  { image: { tensor: input, ...seen } }: ImageInputs,
  options: AttentionOptions,
): Run {
  const found = findAttention(network, options.layer);
  const { layer, place } = found;
  const query = queryOf(options.query, layer);
  yield { done: 0, total: 1, unit: "forward passes" };
  const { model, heads, means } = attentionModel(network, found);
  const feeds = { [network.inputName]: input };
  const results = await network.evaluate(model, feeds, [heads, ...means], { signal });
  const matrixOf = (name: string) => matricesOf(results[name].data as Float32Array, layer);
  const rows = matrixOf(heads).map((matrix) => rowFor(matrix, query, layer));
  const rolled = rowFor(rollout(means.flatMap(matrixOf)), query, layer);
  const { before, height, width } = layer.map;
  const area = height * width;
  const placed = (row: Float64Array) => Float32Array.from(row.subarray(before, before + area));
  const maps = rows.map(placed);
  const distances = matrixOf(heads).map((matrix) => meanDistance(matrix, layer));
  const view = { height, width, query, place };
  return {
    figures: {
      figure: attentionFigure({ ...view, input: seen, maps, rollout: placed(rolled), options }),
    },
    images: {},
    arrays: {
      attention: float32(stacked(maps), [maps.length, height, width]),
      rollout: float32(placed(rolled), [height, width]),
    },
    measures: {
      layer: layer.tensor,
      query: query.kind === "position" ? `${query.row},${query.column}` : query.kind,
      height,
      width,
      layers: means.length,
      unplacedShare: 1 - sum(placed(rolled)),
      heads: maps.map((map, head) => ({
        head,
        unplacedShare: 1 - sum(map),
        distance: distances[head],
      })),
    },
  };
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

function stacked(maps: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(maps.length * maps[0].length);
  maps.forEach((map, i) => all.set(map, i * map.length));
  return all;
}

/** @throws {InputError} If a value is NaN or infinite. */
function matricesOf(data: Float32Array, { tensor, tokens }: GlobalAttention): Matrix[] {
  requireFinite(data, `show the attention of "${tensor}"`, "it");
  const size = tokens ** 2;
  return Array.from({ length: data.length / size }, (_, i) => ({
    rows: tokens,
    columns: tokens,
    data: Float64Array.from(data.subarray(i * size, (i + 1) * size)),
  }));
}

/**
 * How far positions read on average, in positions: the distance weighed by the attention.
 *
 * @see Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021 (figure 7)
 */
function meanDistance(matrix: Matrix, { map: { before, height, width } }: GlobalAttention): number {
  let [distance, weight] = [0, 0];
  const area = height * width;
  for (let q = 0; q < area; q++) {
    const row = rowOf(matrix, before + q).subarray(before, before + area);
    row.forEach((value, k) => {
      const down = Math.floor(q / width) - Math.floor(k / width);
      distance += value * Math.hypot(down, q % width - k % width);
      weight += value;
    });
  }
  return weight === 0 ? 0 : distance / weight;
}
