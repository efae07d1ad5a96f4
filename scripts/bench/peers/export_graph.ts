import { join } from "node:path";
import type { Network } from "../../../shared/network/network.ts";
import { tensorOf, upgradeModel, withOutputs } from "../../../shared/onnx/mod.ts";
import type { Tensor } from "../../../shared/tensor/tensor.ts";

/**
 * Writes what computes a network's scores for `torch_peer.py`: `graph.json`, its weights one after
 * the other as float32 in `weights.bin`, and an image in `input.bin`.
 */
export async function exportGraph(network: Network, image: Tensor, folder: string): Promise<void> {
  const { graph } = upgradeModel(withOutputs(network.model, [network.logitsTensor]));
  const needed = new Set(graph.node.flatMap(({ input }) => input));
  const weights: Record<string, [at: number, dims: readonly number[]]> = {};
  const parts: Float32Array[] = [];
  let at = 0;
  for (const initializer of graph.initializer) {
    if (!needed.has(initializer.name ?? "")) continue;
    const { data, dims } = tensorOf(initializer);
    const values = Float32Array.from(data as ArrayLike<number>, Number);
    weights[initializer.name!] = [at, dims];
    parts.push(values);
    at += values.length;
  }
  const nodes = graph.node.map(({ opType, input, output, attribute }) => ({
    op: opType,
    inputs: input,
    outputs: output,
    attributes: Object.fromEntries(
      attribute.map(({ name, ints, i, f }) => [
        name,
        ints.length > 0 ? ints.map(Number) : i !== undefined ? Number(i) : f,
      ]),
    ),
  }));
  const { inputName: input, inputDims: dims, logitsTensor: output } = network;
  await Deno.writeTextFile(
    join(folder, "graph.json"),
    JSON.stringify({ input, output, dims, nodes, weights }),
  );
  await Deno.writeFile(
    join(folder, "weights.bin"),
    new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()),
  );
  await Deno.writeFile(join(folder, "input.bin"), bytesOf(image.data as Float32Array));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
