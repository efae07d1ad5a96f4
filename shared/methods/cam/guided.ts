import { differentiate, projection } from "../../grad/mod.ts";
import { stretchGrid } from "../../image/mod.ts";
import type { Network } from "../../network/network.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { ClassMap } from "./class_map.ts";

const WEIGHTS = "cam/weights";

/**
 * Guided Grad-CAM: guided backpropagation of the score, times the map after ReLU, enlarged.
 *
 * @returns [1, C, H, W]
 */
export async function guidedCam(
  network: Network,
  input: Tensor<"float32">,
  output: Tensor,
  { map, height, width, derivative, target }: ClassMap,
  options: RunOptions,
): Promise<Tensor<"float32">> {
  const { inputName, inputDims } = network;
  const { model, gradients } = differentiate(network.model, {
    objective: projection(target.layer, WEIGHTS),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
    reluRule: "guided",
  });
  const name = gradients[inputName];
  const feeds = { [inputName]: input, [WEIGHTS]: float32(derivative, output.dims) };
  const { [name]: gradient } = await network.evaluate(model, feeds, [name], options);
  const [, , rows, columns] = inputDims;
  const values = map.map((value) => Math.max(0, value));
  const mask = stretchGrid({ width, height, values }, columns, rows);
  return float32(
    (gradient.data as Float32Array).map((value, i) => value * mask[i % mask.length]),
    inputDims,
  );
}
