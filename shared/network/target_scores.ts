import { InputError } from "../errors.ts";
import { resolveClass } from "../models/resolve_class.ts";
import type { RunOptions } from "../runtime/mod.ts";
import { elementCount, type Tensor } from "../tensor/tensor.ts";
import type { Network } from "./network.ts";

/** The class scores of an image: a row, or one for each position of a map. */
export interface Scores {
  readonly layer: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
  /** One a class: summed over positions. */
  readonly totals: Float32Array;
  readonly labels: readonly string[];
}

/**
 * @param known Tensors of the image's forward pass that are there already.
 * @throws {InputError} If the network has no class scores, or one is NaN or infinite.
 */
export async function scoresOf(
  network: Network,
  input: Tensor<"float32">,
  { known, ...options }: RunOptions & { readonly known?: Readonly<Record<string, Tensor>> },
): Promise<Scores> {
  const layer = scoreTensor(network);
  const { [layer]: found } = known?.[layer]
    ? known
    : await network.forward(input, [layer], options);
  const { dims } = found;
  const data = found.data as Float32Array;
  // A class that is ruled out may have a score of -Infinity.
  requireFinite(data.filter((value) => value !== -Infinity), layer);
  const positions = elementCount(dims.slice(2));
  const totals = Float32Array.from(
    { length: data.length / positions },
    (_, c) => data.subarray(c * positions, (c + 1) * positions).reduce((a, b) => a + b, 0),
  );
  return { layer, dims, data, totals, labels: network.labelsOf(totals.length) };
}

/** The row of class scores, else the first output that is a map of them. */
export function scoreTensor(network: Network): string {
  try {
    return network.logitsTensor;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const outputs = network.index.graph.output.map(({ name = "" }) => name);
    const map = outputs.map((name) => network.hasLayer(name) ? network.resolveLayer(name) : name)
      .find((name) => {
        const { type, dims = [] } = network.facts.get(name) ?? {};
        return type === "float32" && dims.length === 4 && dims[0] === 1 && dims[1] > 1;
      });
    if (map === undefined) throw error;
    return map;
  }
}

/** Whether a text is a class, whatever signs it has. */
export function isLabel(text: string, network: Network): boolean {
  try {
    const { dims = [] } = network.facts.get(scoreTensor(network)) ?? {};
    const labels = network.labelsOf(dims[1] ?? network.labels.length);
    return resolveClass(text, labels) >= 0;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** @throws {InputError} If a value of a layer is NaN or infinite. */
export function requireFinite(values: Float32Array, layer: string): void {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new InputError(
    `Cannot explain the scores: "${layer}" has the value ${wrong}, expected finite numbers; the ` +
      "network or the image has non-finite values, or too large ones",
  );
}
