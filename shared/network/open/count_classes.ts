import { GraphIndex, inferShapes, type Model, upgradeModel } from "../../onnx/mod.ts";
import type { Manifest } from "../../models/manifest.ts";
import { imageInput } from "../image_input.ts";
import { prepareModel } from "./prepare_model.ts";
import { isFeatures, scoreOutputs } from "./score_outputs.ts";

/**
 * How many classes a network seems to tell apart, by the shapes in its graph: nothing is run. 0
 * where its main output is no list of scores.
 *
 * @throws {RangeError} If the network cannot be used, or a shape in it is not known.
 */
export function countClasses(file: Model, manifest: Manifest): number {
  const { name: image, layout } = manifest.input;
  const { model } = prepareModel(file, { image, layout });
  const index = new GraphIndex(model.graph);
  const [output] = scoreOutputs(index);
  if (!output || isFeatures(index, output)) return 0;
  const { name, dims: fed } = imageInput(model, manifest);
  const facts = inferShapes(upgradeModel(model), { inputs: { [name]: fed } });
  const dims = facts.get(output.tensor)?.dims ?? [];
  const isList = dims.slice(2).every((extent) => extent === 1);
  return isList ? dims[1] ?? dims[0] ?? 0 : 0;
}
