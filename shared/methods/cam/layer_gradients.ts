import { differentiate, projection } from "../../grad/mod.ts";
import { cutModel, type Model } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Network } from "../../network/network.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";

/** The input of the gradient model that says which score is differentiated. */
const WEIGHTS = "cam/weights";

/** Where the gradient is taken. */
export interface LayerPoint {
  /** A tensor of the file. */
  readonly layer: string;
  readonly activations: Tensor;
  /** The tensor that the scores are made of. */
  readonly scores: string;
  readonly output: Tensor;
  readonly input: Tensor<"float32">;
}

/**
 * The gradients of several scores by a layer's activations. Only what lies between the layer and
 * the scores is run, once for all scores where the network takes a batch.
 *
 * @param derivatives Of each score, by each element of the tensor it is made of.
 * @returns One for each score, shaped like the layer.
 */
export async function layerGradients(
  network: Network,
  { layer, activations, scores, output, input }: LayerPoint,
  derivatives: readonly Float32Array[],
  options: RunOptions,
): Promise<Float32Array[]> {
  const size = activations.data.length;
  const alone = tailGradient(network, layer, scores, 1);
  const batch = network.canBatch && !alone.readsImage ? derivatives.length : 1;
  const { model, name, dims, readsImage } = tailGradient(network, layer, scores, batch);
  const results: Float32Array[] = [];
  for (let from = 0; from < derivatives.length; from += batch) {
    const repeated = new Float32Array(batch * size);
    const weights = new Float32Array(batch * output.data.length);
    for (const [i, derivative] of derivatives.slice(from, from + batch).entries()) {
      repeated.set(activations.data as Float32Array, i * size);
      weights.set(derivative, i * derivative.length);
    }
    const feeds = {
      [layer]: float32(repeated, dims[layer]),
      [WEIGHTS]: float32(weights, [batch, ...output.dims.slice(1)]),
      ...readsImage && { [network.inputName]: input },
    };
    const { [name]: found } = await network.evaluate(model, feeds, [name], options);
    for (let i = 0; i < batch; i++) {
      results.push((found.data as Float32Array).subarray(i * size, (i + 1) * size));
    }
  }
  return results;
}

/** The gradient by a layer, of what lies behind it. */
interface TailGradient {
  readonly model: Model;
  /** Of the gradient. */
  readonly name: string;
  /** Of the inputs, but for the weights. */
  readonly dims: Readonly<Record<string, readonly number[]>>;
  /** Whether a way leads from the image around the layer. */
  readonly readsImage: boolean;
}

/** Of each network the last ones: they hold turned weights, and are the same for every class. */
const made = new WeakMap<Network, Map<string, TailGradient>>();

/** How many are kept: alone, and in a batch. */
const KEPT = 2;

function tailGradient(...of: Parameters<typeof makeTailGradient>): TailGradient {
  const [network, ...rest] = of;
  const key = JSON.stringify(rest);
  const kept = made.get(network);
  const found = kept?.get(key) ?? makeTailGradient(...of);
  const others = [...kept ?? []].filter(([other]) => other !== key).slice(1 - KEPT);
  made.set(network, new Map([...others, [key, found]]));
  return found;
}

function makeTailGradient(
  network: Network,
  layer: string,
  scores: string,
  batch: number,
): TailGradient {
  const { inputName, inputDims, facts } = network;
  const ends = [
    { name: layer, dims: [batch, ...facts.get(layer)!.dims.slice(1)] },
    { name: inputName, dims: inputDims },
  ];
  const tail = cutModel(network.model, ends, [scores]);
  const read = ends.filter(({ name }) => tail.graph.input.some((input) => input.name === name));
  const dims = Object.fromEntries(read.map((end) => [end.name, end.dims]));
  const { model, gradients } = differentiate(tail, {
    objective: projection(scores, WEIGHTS),
    wrt: [layer],
    inputs: dims,
  });
  return { model, name: gradients[layer], dims, readsImage: inputName in dims };
}
