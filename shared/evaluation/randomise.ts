import { GraphIndex, type Model, protoOf, withGraph } from "../onnx/mod.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { normalAt } from "../tensor/random.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import { constantTensor, weightedNodes, weightsOf } from "../network/weights.ts";
import type { Network } from "../network/network.ts";
import { varyingTensors } from "../network/feature_maps.ts";

/** Weights of a layer that are drawn anew. */
export interface RandomLayer {
  /** The layer's tensor. */
  readonly layer: string;
  /** Name of its weights. */
  readonly weights: string;
  /** As large and as widely spread as the weights are. */
  readonly random: Tensor<"float32">;
}

/** The layers with weights below `tensor`, from the last to the first. */
export function weightedLayers(network: Network, tensor: string): Omit<RandomLayer, "random">[] {
  const index = new GraphIndex(network.file.graph);
  const needed = new Set(index.ancestors([tensor]));
  const varying = varyingTensors(index, network.inputName);
  return weightedNodes(index, varying).filter((node) => needed.has(node)).toReversed()
    .map((node) => ({ layer: node.output[0], weights: weightsOf(node) }));
}

/**
 * Normally distributed weights for every layer below `tensor`, of the spread of its own.
 *
 * @returns From the last layer to the first.
 */
export async function randomLayers(
  network: Network,
  tensor: string,
  seed: number,
  options: RunOptions,
): Promise<RandomLayer[]> {
  const layers: RandomLayer[] = [];
  let drawn = 0;
  for (const { layer, weights } of weightedLayers(network, tensor)) {
    const { data, dims } = await constantTensor(network, weights, options);
    const spread = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    const start = drawn;
    const values = data.map((_, i) => spread * normalAt(seed, start + i));
    layers.push({ layer, weights, random: float32(values, dims) });
    drawn += data.length;
  }
  return layers;
}

/** The model with the weights of some layers replaced. */
export function withRandomLayers(model: Model, layers: readonly RandomLayer[]): Model {
  const nameOf = (weights: string) => `random/${weights}`;
  const replaced = new Set(layers.map(({ weights }) => weights));
  const node = model.graph.node.map((one) => ({
    ...one,
    input: one.input.map((name) => replaced.has(name) ? nameOf(name) : name),
  }));
  const added = new Map(
    layers.map(({ weights, random }) => [weights, protoOf(nameOf(weights), random)]),
  );
  return withGraph(model, { node, initializer: [...model.graph.initializer, ...added.values()] });
}
