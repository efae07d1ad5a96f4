import { openModel } from "../../models/mod.ts";
import type {
  LayerSummary,
  Link,
  NearClass,
  NetworkSummary,
} from "../../shared/gallery/network_summary.ts";
import { Attributes, type GraphIndex, tensorOf } from "../../shared/onnx/mod.ts";
import type { Network } from "../../shared/network/network.ts";
import { openNetwork } from "../../shared/network/open_network.ts";
import { traceChannel, weightedSource, weightsOf } from "./trace_channel.ts";

/** Links and near classes that are kept for each. */
const MOST = 6;

/**
 * Reads from a network's file what the pages say of it; nothing is run.
 *
 * @param unitLayers Aliases of the layers whose units have pages: links are between those.
 */
export async function summariseNetwork(
  idOrPath: string,
  unitLayers: readonly string[],
): Promise<NetworkSummary> {
  const source = await openModel(idOrPath);
  const { manifest } = source;
  await using network = await openNetwork(source, { backend: "wasm" });
  const claimed = new Set<string>();
  const { height, width } = manifest.input;
  return {
    id: manifest.id,
    title: manifest.title,
    sha256: source.sha256,
    bytes: source.bytes.length,
    licence: manifest.licence,
    provenance: manifest.provenance,
    input: { height, width },
    labels: network.hasScores ? network.labels : [],
    layers: network.layers.map((layer) => summariseLayer(network, layer, unitLayers, claimed)),
    nearest: network.hasScores ? nearestClasses(network) : [],
  };
}

function summariseLayer(
  network: Network,
  { alias, tensor }: { alias: string; tensor: string },
  unitLayers: readonly string[],
  claimed: Set<string>,
): LayerSummary {
  const { index, facts } = network;
  const made = index.producer(tensor)!;
  // A layer is often named by its activation: its kernel is that of the convolution before.
  const node = weightedSource({ tensor, channel: 0 }, index, facts)?.node;
  const isOwn = node !== undefined && !claimed.has(node.output[0]);
  const attributes = new Attributes(isOwn ? node : made);
  const kernel = attributes.ints("kernel_shape");
  const strides = attributes.ints("strides");
  const dims = facts.get(tensor)?.dims ?? [];
  const parameters = claimParameters(index, tensor, claimed);
  return {
    alias,
    tensor,
    operator: made.opType ?? "",
    dims,
    parameters,
    ...kernel && { kernel },
    ...strides && { strides },
    ...unitLayers.includes(alias) && {
      links: Array.from(
        { length: dims[1] },
        (_, unit) => linksOf(network, tensor, unit, unitLayers),
      ),
    },
  };
}

/** Inputs of a BatchNormalization that are counted while it trains, not learned. */
const STATISTICS = [3, 4];

/**
 * Numbers in the weights and biases between the layers before and this one: in all nodes that lead
 * to it and are not claimed yet. Running statistics are not counted, as elsewhere.
 */
function claimParameters(
  index: GraphIndex,
  tensor: string,
  claimed: Set<string>,
): number {
  const node = index.producer(tensor);
  if (!node || claimed.has(node.output[0])) return 0;
  claimed.add(node.output[0]);
  let sum = 0;
  for (const [i, name] of node.input.entries()) {
    const proto = index.initializers.get(name);
    if (!proto) {
      sum += claimParameters(index, name, claimed);
      continue;
    }
    if (node.opType === "BatchNormalization" && STATISTICS.includes(i)) continue;
    const { type, data } = tensorOf(proto);
    if (type !== "float32" || claimed.has(name)) continue;
    claimed.add(name);
    sum += data.length;
  }
  return sum;
}

/** The channels of earlier layers that a unit reads most from. */
function linksOf(
  { index, facts, layers }: Network,
  tensor: string,
  unit: number,
  unitLayers: readonly string[],
): Link[] {
  const source = weightedSource({ tensor, channel: unit }, index, facts);
  const weights = source && weightsOf(source.node, index);
  if (!source || !weights) return [];
  const [outputs, inputs, ...kernel] = weights.dims;
  const group = new Attributes(source.node).int("group", 1);
  const first = Math.floor(source.channel / (outputs / group)) * inputs;
  const area = kernel.reduce((product, extent) => product * extent, 1);
  const aliases = new Map(
    layers.filter(({ alias }) => unitLayers.includes(alias)).map((one) => [one.tensor, one.alias]),
  );
  const sums = new Map<string, { link: Link; squares: number; sum: number }>();
  for (let input = 0; input < inputs; input++) {
    const channel = { tensor: source.node.input[0], channel: first + input };
    const from = traceChannel(channel, index, facts, (name) => aliases.has(name));
    if (!from) continue;
    const link = { layer: aliases.get(from.tensor)!, channel: from.channel, weight: 0 };
    const key = `${link.layer}:${link.channel}`;
    const entry = sums.get(key) ?? { link, squares: 0, sum: 0 };
    const start = (source.channel * inputs + input) * area;
    for (const value of weights.data.subarray(start, start + area)) {
      entry.squares += value * value;
      entry.sum += value;
    }
    sums.set(key, entry);
  }
  return [...sums.values()]
    .map(({ link, squares, sum }) => ({
      ...link,
      weight: Number((Math.sign(sum) * Math.sqrt(squares)).toPrecision(4)),
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST);
}

/** By the cosine of the rows of the last weights. */
function nearestClasses({ index, facts, logitsTensor, labels }: Network): NearClass[][] {
  const source = weightedSource({ tensor: logitsTensor, channel: 0 }, index, facts);
  const weights = source && weightsOf(source.node, index);
  if (!weights || weights.dims[0] !== labels.length) return [];
  const size = weights.data.length / labels.length;
  const rows = labels.map((_, i) => {
    const row = weights.data.subarray(i * size, (i + 1) * size);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    return row.map((value) => value / norm);
  });
  return rows.map((row, i) =>
    rows
      .map((other, index) => ({ index, cosine: dot(row, other) }))
      .filter(({ index }) => index !== i)
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, MOST)
      .map(({ index, cosine }) => ({ index, cosine: Number(cosine.toFixed(3)) }))
  );
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
