import { differentiate, type GradientModel, projection } from "../../grad/mod.ts";
import { cutModel } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import type { Network } from "../../network/network.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";

/** The input of the gradient model that says which score is differentiated. */
const WEIGHTS = "cam/weights";

/** Where the gradient is taken. */
export interface LayerPoint {
  readonly layer: string;
  /** [1, C, h, w] */
  readonly activations: Tensor;
  readonly logits: Tensor;
  readonly input: Tensor<"float32">;
}

/**
 * The gradients of several scores by a layer's activations. Only what lies between the layer and
 * the scores is run, once for all scores where the network takes a batch.
 *
 * @param byLogit Of each score, its derivative by each logit.
 * @returns One for each score, shaped like the layer.
 */
export async function layerGradients(
  network: Network,
  { layer, activations, logits, input }: LayerPoint,
  byLogit: readonly Float32Array[],
  options: RunOptions,
): Promise<Float32Array[]> {
  const size = activations.data.length;
  const batch = network.canBatch && !needsImage(network, layer) ? byLogit.length : 1;
  const { model, gradients } = gradientModel(network, layer, batch);
  const results: Float32Array[] = [];
  for (let from = 0; from < byLogit.length; from += batch) {
    const scores = byLogit.slice(from, from + batch);
    const repeated = new Float32Array(batch * size);
    const weights = new Float32Array(batch * logits.data.length);
    scores.forEach((score, i) => {
      repeated.set(activations.data as Float32Array, i * size);
      weights.set(score, i * score.length);
    });
    const feeds = {
      [layer]: float32(repeated, [batch, ...activations.dims.slice(1)]),
      [WEIGHTS]: float32(weights, [batch, ...logits.dims.slice(1)]),
      ...needsImage(network, layer) && { [network.inputName]: input },
    };
    const name = gradients[layer];
    const { [name]: found } = await network.evaluate(model, feeds, [name], options);
    for (let i = 0; i < batch; i++) {
      results.push((found.data as Float32Array).subarray(i * size, (i + 1) * size));
    }
  }
  return results;
}

/** From the layer to the scores; a way around the layer starts at the image. */
function tailOf(network: Network, layer: string, batch: number) {
  const { inputName, inputDims, logitsTensor, facts } = network;
  const dims = { [layer]: [batch, ...facts.get(layer)!.dims.slice(1)], [inputName]: inputDims };
  const inputs = Object.entries(dims).map(([name, extents]) => ({ name, dims: extents }));
  return { tail: cutModel(network.model, inputs, [logitsTensor]), dims };
}

const needsImage = (network: Network, layer: string) =>
  tailOf(network, layer, 1).tail.graph.input.some(({ name }) => name === network.inputName);

function gradientModel(network: Network, layer: string, batch: number): GradientModel {
  const { tail, dims } = tailOf(network, layer, batch);
  const isInput = (name: string) => tail.graph.input.some((input) => input.name === name);
  return differentiate(tail, {
    objective: projection(network.logitsTensor, WEIGHTS),
    wrt: [layer],
    inputs: Object.fromEntries(Object.entries(dims).filter(([name]) => isInput(name))),
  });
}
