import { InputError } from "../errors.ts";
import {
  forWebGpu,
  resizeInput,
  takeKnownBranches,
  upgradeModel,
  withOutputs,
} from "../onnx/mod.ts";
import type { Network } from "./network.ts";

/** As much of a network as it takes to compute one layer of an input of some size. */
export type CutNetwork =
  & Pick<
    Network,
    "id" | "inputName" | "inputDims" | "facts" | "model" | "evaluate"
  >
  & { readonly manifest: Pick<Network["manifest"], "input"> };

/**
 * The part of a network that ends at a layer, for inputs of another size: what is behind the layer
 * neither costs anything nor fixes the size. Its sessions are the network's.
 *
 * @param layer Name of the tensor of a feature map.
 * @param height Of the input, in pixels, as is `width`.
 * @throws {InputError} If the layer cannot be computed of an input of that size.
 */
export function onCanvas(
  network: Network,
  layer: string,
  { height, width }: { readonly height: number; readonly width: number },
): CutNetwork {
  const { id, file, backend, inputName, inputDims, manifest } = network;
  const dims = [...inputDims.slice(0, 2), height, width];
  const inputs = { [inputName]: dims };
  const sized = resizeInput(withOutputs(file, [layer]), inputName, dims);
  try {
    const { model: upgraded, facts } = takeKnownBranches(upgradeModel(sized), { inputs });
    const extents = facts.get(layer)?.dims.slice(2) ?? [];
    if (extents.length !== 2 || Math.min(...extents) < 1) {
      throw new InputError(`it is no map, its extents are [${extents}]`);
    }
    return {
      ...{ id, inputName, facts, inputDims: dims },
      manifest: { input: { ...manifest.input, height, width } },
      model: backend === "webgpu" ? forWebGpu(upgraded, facts) : sized,
      evaluate: network.evaluate.bind(network),
    };
  } catch (error) {
    throw new InputError(
      `Cannot compute "${layer}" of ${id} for an input of ${width} x ${height}: ` +
        (error as Error).message,
      { cause: error },
    );
  }
}
