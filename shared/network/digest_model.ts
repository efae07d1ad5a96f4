import { encodeModel, encodeTensor, type Model, withGraph } from "../onnx/mod.ts";
import { sha256 } from "../models/sha256.ts";

const digests = new WeakMap<object, Promise<string>>();

/**
 * Names a model by what it computes: SHA-256 of its graph and of its weights. Weights are hashed
 * once, however many models share them; so is a model.
 */
export function digestModel(model: Model): Promise<string> {
  return remembered(model, async () => {
    const weights: string[] = [];
    // One after the other: a tensor is written and copied to be hashed, and all at once would be
    // twice the file.
    for (const tensor of model.graph.initializer) {
      weights.push(await remembered(tensor, () => sha256(encodeTensor(tensor))));
    }
    const graph = await sha256(encodeModel(withGraph(model, { initializer: [] })));
    return await sha256(new TextEncoder().encode([graph, ...weights].join(" ")));
  });
}

function remembered(key: object, make: () => Promise<string>): Promise<string> {
  const digest = digests.get(key) ?? make();
  digests.set(key, digest);
  return digest;
}
