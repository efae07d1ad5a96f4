import { type GraphIndex, inputsOf, type NodeProto, operatorOf } from "../onnx/mod.ts";
import { mapAxesOf } from "./axes/map_axes.ts";
import type { Layer, Network } from "./network.ts";

/**
 * The tensors whose values depend on the input's, the input included, in running order. What follows
 * from shapes, such as the arithmetic around a Reshape, does not.
 */
export function varyingTensors(index: GraphIndex, input: string): ReadonlySet<string> {
  const varying = new Set([input]);
  for (const node of index.order) {
    if (operatorOf(node)?.kind === "source") continue;
    if (!inputsOf(node).some((name) => varying.has(name))) continue;
    for (const name of node.output) if (name !== "") varying.add(name);
  }
  return varying;
}

/** Operators that move values and make maps all the same: joined, or of another resolution. */
const MAPPING = new Set(["Concat", "DepthToSpace", "Resize", "SpaceToDepth", "Upsample"]);

/** Whether what a node makes is computed, and not an earlier tensor in another form. */
function computes(node: NodeProto | undefined): boolean {
  const operator = node && operatorOf(node);
  if (!operator) return true;
  const { kind, passes } = operator;
  return !passes && kind !== "source" && (kind !== "movement" || MAPPING.has(node.opType!));
}

/**
 * The feature maps among tensors, as layers under their own names. What only reshapes, cuts or
 * passes on an earlier one is none. Where it is not known what became of rows and columns, what is
 * shaped like a map is taken for one.
 */
export function featureMaps(
  tensors: Iterable<string>,
  { facts, index, axes }: Pick<Network, "facts" | "index" | "axes">,
): Layer[] {
  const isMap = (name: string) => {
    const { type, dims = [] } = facts.get(name) ?? {};
    const known = axes.get(name);
    const isShaped = known ? mapAxesOf(known) !== undefined : dims.length === 4 && dims[0] === 1;
    return type === "float32" && isShaped;
  };
  return [...tensors].filter((name) => isMap(name) && computes(index.producer(name)))
    .map((name) => ({ alias: name, tensor: name }));
}
