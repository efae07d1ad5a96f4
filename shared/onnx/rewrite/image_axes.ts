import { Attributes } from "../attributes.ts";
import { GraphIndex, inputsOf } from "../graph_index.ts";
import { operatorOf } from "../operators.ts";
import type { NodeProto } from "../proto/types.ts";
import { tensorOf } from "../tensor_proto.ts";
import { declaredDims, type Dim } from "../value_info.ts";
import type { Model } from "../model_file.ts";

/** What each axis of a network's image is. An axis is undefined where the image has none of it. */
export interface ImageAxes {
  readonly rank: number;
  readonly batch?: number;
  readonly channel?: number;
  readonly row: number;
  readonly column: number;
  /** How many channels the first layer takes, where it says. */
  readonly planes?: number;
  /** What says so. */
  readonly from: "the first layer" | "the shape";
}

/** Orders that a person can state, by the ranks of images that they fit. */
export const LAYOUTS = ["nchw", "nhwc"] as const;
export type Layout = typeof LAYOUTS[number];

/** How many planes an image has: grey, colours, colours and a mask. */
const PLANES: ReadonlySet<Dim> = new Set([1, 3, 4]);

/** Nodes that are looked at before the first layer has to be found. */
const MAX_STEPS = 256;

/** Operators that look at rows and columns: their input is [N, C, H, W]. */
const SPATIAL = new Set(
  `BatchNormalization DepthToSpace GlobalAveragePool GlobalMaxPool GroupNormalization
  InstanceNormalization LRN QLinearConv ConvInteger SpaceToDepth`.split(/\s+/),
);

/**
 * Finds what the axes of an image are: by the first layer that reads it, through what turns axes
 * round, else by the declared extents. An image whose shape is not declared counts as of rank 4.
 *
 * @param layout What a person states; counts before all else.
 * @returns Undefined where the input is no image.
 */
export function imageAxes(model: Model, image: string, layout?: Layout): ImageAxes | undefined {
  const info = model.graph.input.find(({ name }) => name === image);
  const dims = info && declaredDims(info);
  const rank = dims?.length ?? 4;
  if (rank < 2 || rank > 4) return undefined;
  if (layout !== undefined) return stated(rank, layout === "nhwc");
  const index = new GraphIndex(model.graph);
  return byFirstLayer(index, image, rank, dims) ?? byExtents(rank, dims ?? []);
}

const stated = (rank: number, isLast: boolean): ImageAxes => {
  const batch = rank === 4 ? 0 : undefined;
  const first = rank === 4 ? 1 : 0;
  const from = "the shape";
  if (rank === 2) return { rank, row: 0, column: 1, from };
  return isLast
    ? { rank, batch, row: first, column: first + 1, channel: first + 2, from }
    : { rank, batch, channel: first, row: first + 1, column: first + 2, from };
};

function byExtents(rank: number, dims: readonly Dim[]): ImageAxes | undefined {
  const first = rank === 4 ? 1 : 0;
  const isImage = rank === 4 || rank === 3 && (PLANES.has(dims[0]) || PLANES.has(dims[2]));
  if (!isImage) return undefined;
  return stated(rank, PLANES.has(dims[rank - 1]) && !isChannel(dims[first]));
}

const isChannel = (extent: Dim) => extent === 1 || extent === 3;

/** A tensor made of the image, and which axis of the image each of its axes is; null: none. */
interface Seen {
  readonly name: string;
  readonly axes: readonly (number | null)[];
  /** Whether its channels are still those of the image. */
  readonly isWhole: boolean;
}

function byFirstLayer(
  index: GraphIndex,
  image: string,
  rank: number,
  dims?: readonly Dim[],
): ImageAxes | undefined {
  const waiting: Seen[] = [{
    name: image,
    axes: Array.from({ length: rank }, (_, i) => i),
    isWhole: true,
  }];
  for (let step = 0; step < MAX_STEPS; step++) {
    const seen = waiting.shift();
    if (seen === undefined) return undefined;
    for (const node of index.consumers(seen.name)) {
      if (node.input[0] !== seen.name && operatorOf(node)?.kind !== "pointwise") continue;
      const [n, c, h, w] = spatial(node, seen);
      if (h !== undefined && h !== null && w !== null && seen.axes.length === 4) {
        const planes = seen.isWhole ? planesOf(index, node) : undefined;
        const found: ImageAxes = {
          ...{ rank, row: h, column: w, planes, from: "the first layer" },
          channel: c ?? undefined,
          batch: n ?? undefined,
        };
        return fits(found, dims) ? found : undefined;
      }
      const axes = passedAxes(index, node, seen.axes);
      if (axes === undefined) continue;
      const isWhole = seen.isWhole && !CHOOSES.has(node.opType ?? "");
      for (const name of node.output) if (name !== "") waiting.push({ name, axes, isWhole });
    }
  }
  return undefined;
}

/** The image's axes that a layer takes for N, C, H and W; nothing of one that is no layer. */
function spatial({ opType = "", domain }: NodeProto, { axes }: Seen): readonly (number | null)[] {
  if (opType === "NhwcConv") return [axes[0], axes[3], axes[1], axes[2]];
  const isWindow = operatorOf({ opType, domain } as NodeProto)?.kind === "window" ||
    SPATIAL.has(opType) || opType === "FusedConv";
  return isWindow ? axes : [];
}

/** Operators whose result has other channels than what they read. */
const CHOOSES = new Set(["Concat", "Gather", "Slice", "Split"]);

/** The channels that a convolution takes. */
function planesOf(index: GraphIndex, node: NodeProto): number | undefined {
  const weights = index.initializers.get(node.input[node.opType === "QLinearConv" ? 3 : 1] ?? "");
  if (weights === undefined || weights.dims.length !== 4) return undefined;
  if (node.opType === "ConvTranspose") return weights.dims[0];
  if (!/Conv/.test(node.opType ?? "")) return undefined;
  const groups = new Attributes(node).int("group", 1);
  return (node.opType === "NhwcConv" ? weights.dims[3] : weights.dims[1]) * groups;
}

/** The axes behind a node that passes them on; undefined behind others. */
function passedAxes(
  index: GraphIndex,
  node: NodeProto,
  axes: readonly (number | null)[],
): readonly (number | null)[] | undefined {
  const attributes = new Attributes(node);
  const list = () => {
    const stored = index.initializers.get(node.input[1] ?? "");
    const made = index.producer(node.input[1] ?? "");
    const tensor = stored
      ? tensorOf(stored)
      : made?.opType === "Constant"
      ? new Attributes(made).tensor("value")
      : undefined;
    return attributes.ints("axes") ?? (tensor && Array.from(tensor.data as BigInt64Array, Number));
  };
  const rules: Partial<Record<string, () => readonly (number | null)[] | undefined>> = {
    Concat: () => axes,
    Gather: () => axes,
    Pad: () => axes,
    Resize: () => axes,
    Slice: () => axes,
    Split: () => axes,
    Upsample: () => axes,
    Transpose: () => {
      const perm = attributes.ints("perm") ?? axes.map((_, i) => axes.length - 1 - i);
      return perm.length === axes.length ? perm.map((axis) => axes[axis]) : undefined;
    },
    Unsqueeze: () => {
      const added = list();
      if (added === undefined) return undefined;
      const rank = axes.length + added.length;
      const at = new Set(added.map((axis) => axis < 0 ? axis + rank : axis));
      const rest = [...axes];
      return Array.from({ length: rank }, (_, i) => at.has(i) ? null : rest.shift() ?? null);
    },
    Squeeze: () => {
      const gone = list()?.map((axis) => axis < 0 ? axis + axes.length : axis);
      return gone && axes.filter((_, i) => !gone.includes(i));
    },
  };
  const rule = Object.hasOwn(rules, node.opType ?? "") ? rules[node.opType!] : undefined;
  if (rule) return rule();
  return operatorOf(node)?.kind === "pointwise" && inputsOf(node).length > 0 ? axes : undefined;
}

/** Whether a finding agrees with what the file declares. */
function fits({ batch, channel, planes, row, column }: ImageAxes, dims?: readonly Dim[]): boolean {
  if (new Set([batch, channel, row, column]).size < 4 && channel !== undefined) return false;
  const extent = channel === undefined ? undefined : dims?.[channel];
  return planes === undefined || typeof extent !== "number" || extent === planes;
}
