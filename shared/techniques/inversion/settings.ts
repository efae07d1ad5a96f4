import type { InversionOptions as AscentOptions } from "../../optimize/mod.ts";
import type { Network } from "../../network/network.ts";
import type { InversionOptions } from "./options.ts";

/** What suits the layers up to a depth. */
interface Row {
  /** Share of the weighted operators on the longest way to the scores. */
  readonly depth: number;
  readonly optimizer: AscentOptions["optimizer"];
  readonly tv: number;
}

/**
 * Shallow codes say nearly all of a picture, so little has to be assumed and Adam finds the fine
 * structure. Deep ones leave most open: with momentum, what the code does not ask for stays grey,
 * and more total variation keeps noise away. Chosen by error, and by eye, on two networks.
 */
const BY_DEPTH: readonly Row[] = [
  { depth: 0.3, optimizer: "adam", tv: 0.1 },
  { depth: 0.45, optimizer: "adam", tv: 1 },
  { depth: 0.8, optimizer: "momentum", tv: 3 },
  { depth: Infinity, optimizer: "momentum", tv: 10 },
];

const STEPS: Readonly<Record<AscentOptions["optimizer"], number>> = { adam: 200, momentum: 400 };

/** How a layer is inverted: what the options say, and by the layer's depth where they do not. */
export function settingsOf(
  network: Network,
  layer: string,
  { optimizer, tv, alpha, steps }: InversionOptions,
): Omit<AscentOptions, "seed"> {
  const share = depthOf(network, layer) / depthOf(network, network.logitsTensor);
  const row = BY_DEPTH.find(({ depth }) => share <= depth)!;
  const chosen = optimizer === "auto" ? row.optimizer : optimizer;
  return {
    optimizer: chosen,
    tv: tv === "auto" ? row.tv : tv,
    alpha,
    steps: steps === "auto" ? STEPS[chosen] : steps,
  };
}

const WEIGHTED = new Set(["Conv", "Gemm", "MatMul"]);

/** Weighted operators on the longest way from the picture to a tensor. */
function depthOf({ index }: Network, tensor: string): number {
  const depths = new Map<string, number>();
  for (const node of index.ancestors([tensor])) {
    const before = Math.max(0, ...node.input.map((name) => depths.get(name) ?? 0));
    const depth = before + (WEIGHTED.has(node.opType ?? "") ? 1 : 0);
    for (const name of node.output) depths.set(name, depth);
  }
  return depths.get(tensor) ?? 0;
}
