import { InputError } from "../errors.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { float32, type Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";
import type { ScoreTarget } from "./score_target.ts";
import { requireFinite } from "./require_finite.ts";

/**
 * How alike a layer, or what the network makes of an image, is to that of a second image.
 *
 * @param guide The second image, preprocessed.
 * @throws {InputError} If it was not given, or has no features.
 */
export async function similarityTarget(
  network: Network,
  guide: Tensor<"float32"> | undefined,
  { layer: name, image }: { readonly layer?: string; readonly image: string },
  options: RunOptions,
): Promise<ScoreTarget> {
  if (guide === undefined) {
    throw new InputError(
      `Cannot compare with "${image}": it was not given, expected a second image, the guide`,
    );
  }
  const layer = name === undefined ? network.mainTensor : network.resolveLayer(name);
  const { [layer]: found } = await network.forward(guide, [layer], options);
  const features = float32(found.data as Float32Array, found.dims);
  requireFinite(features.data, "explain the scores", `"${layer}"`);
  if (features.data.every((value) => value === 0)) {
    throw new InputError(
      `Cannot compare with "${image}": all its features in "${layer}" are 0, expected some that ` +
        "are not",
    );
  }
  const label = `similarity with ${image.replace(/^.*[\\/]/, "")}`;
  return { spec: { kind: "similarity", features }, layer, label, quantity: "cosine similarity" };
}
