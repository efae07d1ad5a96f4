import {
  Attributes,
  type Fact,
  GraphIndex,
  type NodeProto,
  protoOf,
  tensorOf,
  type TensorProto,
  withGraph,
} from "../../onnx/mod.ts";
import { elementCount, float32 } from "../../tensor/tensor.ts";
import type { ForwardPass } from "../forward_pass.ts";

/** Y = gain X + shift, one of each for each channel. */
interface Affine {
  readonly gain: (channel: number) => number;
  readonly shift: (channel: number) => number;
}

/**
 * A network in which what scales and shifts the channels of a convolution, such as a batch
 * normalization, is a part of its weights and bias. A convolution takes over the name of what was
 * folded into it.
 *
 * @param kept Tensors that stay there.
 */
export function foldAffine(
  { forward, facts }: ForwardPass,
  kept: readonly string[],
): ForwardPass {
  const { graph } = forward;
  const index = new GraphIndex(graph);
  const isKept = new Set([...kept, ...graph.output.map(({ name }) => name)]);
  const added: TensorProto[] = [];
  const gone = new Set<NodeProto>();
  const replaced = new Map<NodeProto, NodeProto>();
  for (const conv of index.order) {
    if (conv.opType !== "Conv") continue;
    const weights = floats(index, conv.input[1]);
    const bias = conv.input[2] ? floats(index, conv.input[2]) : undefined;
    if (weights === undefined || (conv.input[2] && bias === undefined)) continue;
    const [channels] = weights.dims;
    const perChannel = elementCount(weights.dims) / channels;
    const w = Float64Array.from(weights.data);
    const b = Float64Array.from({ length: channels }, (_, c) => bias?.data[c] ?? 0);
    let name = conv.output[0];
    for (;;) {
      const [next, ...others] = index.consumers(name);
      if (next === undefined || others.length > 0 || isKept.has(name)) break;
      const affine = affineOf(next, name, index, { channels, rank: weights.dims.length });
      if (affine === undefined) break;
      w.forEach((value, i) => w[i] = value * affine.gain(Math.floor(i / perChannel)));
      b.forEach((value, c) => b[c] = value * affine.gain(c) + affine.shift(c));
      gone.add(next);
      name = next.output[0];
    }
    if (name === conv.output[0]) continue;
    const names = [`${name}/folded_weights`, `${name}/folded_bias`];
    added.push(
      protoOf(names[0], float32(Float32Array.from(w), weights.dims)),
      protoOf(names[1], float32(Float32Array.from(b), [channels])),
    );
    replaced.set(conv, { ...conv, input: [conv.input[0], ...names], output: [name] });
  }
  const node = graph.node.filter((one) => !gone.has(one)).map((one) => replaced.get(one) ?? one);
  const known = added.map(({ name = "", dims }): [string, Fact] => [name, {
    type: "float32",
    dims: dims.map(Number),
  }]);
  return {
    forward: withGraph(forward, { node, initializer: [...graph.initializer, ...added] }),
    facts: new Map([...facts, ...known]),
  };
}

type Floats = ReturnType<typeof float32>;

function floats(index: GraphIndex, name: string): Floats | undefined {
  const held = index.initializers.get(name);
  const producer = index.producer(name);
  const tensor = held
    ? tensorOf(held)
    : producer?.opType === "Constant"
    ? new Attributes(producer).tensor("value")
    : undefined;
  return tensor?.type === "float32" ? tensor as Floats : undefined;
}

interface Layout {
  readonly channels: number;
  readonly rank: number;
}

function affineOf(
  node: NodeProto,
  value: string,
  index: GraphIndex,
  layout: Layout,
): Affine | undefined {
  if (node.opType === "BatchNormalization") return normalization(node, index);
  const place = node.input.indexOf(value);
  const held = node.input.length === 2 ? floats(index, node.input[1 - place]) : undefined;
  const constant = held && alongChannels(held, layout);
  if (constant === undefined) return undefined;
  const [one, none] = [() => 1, () => 0];
  const forms: Readonly<Record<string, Affine | undefined>> = {
    Add: { gain: one, shift: constant },
    Div: place === 0 ? { gain: (c) => 1 / constant(c), shift: none } : undefined,
    Mul: { gain: constant, shift: none },
    Sub: place === 0
      ? { gain: one, shift: (c) => -constant(c) }
      : { gain: () => -1, shift: constant },
  };
  return Object.hasOwn(forms, node.opType ?? "") ? forms[node.opType!] : undefined;
}

function normalization(node: NodeProto, index: GraphIndex): Affine | undefined {
  const attributes = new Attributes(node);
  const [scale, shift, mean, variance] = node.input.slice(1).map((name) => floats(index, name));
  if (!scale || !shift || !mean || !variance) return undefined;
  if (attributes.int("training_mode", 0) === 1) return undefined;
  const epsilon = attributes.float("epsilon", 1e-5);
  const gain = (c: number) => scale.data[c] / Math.sqrt(variance.data[c] + epsilon);
  return { gain, shift: (c) => shift.data[c] - gain(c) * mean.data[c] };
}

/** A constant that is one number for each channel, or one for all. */
function alongChannels(
  { dims, data }: Floats,
  { channels, rank }: Layout,
): ((channel: number) => number) | undefined {
  if (data.length === 1 && dims.length <= rank) return () => data[0];
  const axis = dims.length - (rank - 1);
  const isVector = axis >= 0 && dims[axis] === channels && data.length === channels;
  return isVector ? (c) => data[c] : undefined;
}
