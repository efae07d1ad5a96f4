import {
  type Fact,
  GraphIndex,
  type Model,
  ModelBuilder,
  opsetOf,
  takeKnownBranches,
  upgradeModel,
} from "../../onnx/mod.ts";
import { elementCount, type Tensor } from "../../tensor/tensor.ts";
import type { Axes } from "./axis.ts";
import { followAxes } from "./follow_axes.ts";
import { isChannelsFirst, type MapAxes, mapAxesOf } from "./map_axes.ts";

/** The first operator set whose Slice says what is cut by its inputs. */
const SLICE_BY_INPUTS = 10;

/** A graph with its feature maps as [1, C, h, w], and where they are in the tensors of the file. */
export interface MapViews {
  readonly model: Model;
  /** Of each tensor that depends on the image, as far as they can be followed. */
  readonly axes: ReadonlyMap<string, Axes>;
  /** Tensor to the view of it, of feature maps in another layout. */
  readonly views: ReadonlyMap<string, string>;
  /** All tensors that the file does not have. */
  readonly added: ReadonlySet<string>;
}

/**
 * Adds a tensor [1, C, h, w] beside each feature map in another layout, such as channels last or
 * tokens, so that everything that reads feature maps reads these too. Nothing is computed of a view
 * that nobody asks for.
 *
 * @param input [1, C, H, W]
 */
export function withMapViews(
  model: Model,
  input: { readonly name: string; readonly dims: readonly number[] },
): MapViews {
  const inputs = { [input.name]: input.dims };
  const { model: upgraded, facts } = takeKnownBranches(upgradeModel(model), { inputs });
  const axes = followAxes(new GraphIndex(upgraded.graph), facts, input);
  const builder = new ModelBuilder({ base: model, prefix: "map/" });
  const views = new Map<string, string>();
  const taken = new Set(new GraphIndex(model.graph).order.flatMap(({ output }) => output));
  for (const [name, found] of axes) {
    const map = mapAxesOf(found);
    const fact = facts.get(name);
    const isView = map !== undefined && !isChannelsFirst(map) && taken.has(name) &&
      fact?.type === "float32";
    if (!isView || (map.before + map.after > 0 && opsetOf(model) < SLICE_BY_INPUTS)) continue;
    let view = `${name}/map`;
    while (taken.has(view)) view += "'";
    views.set(name, addView(builder, name, fact, map, view));
  }
  const viewed = views.size > 0 ? builder.build() : model;
  const made = viewed.graph.node.slice(model.graph.node.length);
  return { model: viewed, axes, views, added: new Set(made.flatMap(({ output }) => output)) };
}

const ints = (...values: number[]): Tensor<"int64"> => ({
  type: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

/** Tokens without a position are cut off, then axes are put in order and joined. */
function addView(b: ModelBuilder, name: string, { dims }: Fact, map: MapAxes, view: string) {
  const { rows, columns, before, after, height, width, channels } = map;
  const cut = () =>
    b.op("Slice", [
      name,
      ...[before, before + height * width, rows].map((value) => b.constant(ints(value))),
    ]);
  const tokens = before + after > 0 ? cut() : name;
  const perm = [...channels, ...new Set([rows, columns])];
  if (perm.length === 4 && channels.length === 2) {
    return b.op("Transpose", [tokens], { perm }, view);
  }
  const extents = channels.map((a) => dims[a]);
  // 0 stands for as many images as there are; no other size fits by chance.
  const batch = extents[0] === 1 && extents.length > 1 ? 0 : 1;
  const shape = b.constant(ints(batch, elementCount(extents), height, width));
  return b.op("Reshape", [b.op("Transpose", [tokens], { perm }), shape], {}, view);
}
