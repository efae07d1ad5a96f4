import type { Model } from "../model_file.ts";
import { own, withGraph } from "../edit.ts";
import { inputsOf } from "../graph_index.ts";
import { isStandardDomain } from "../opset.ts";
import type { Fact } from "../shape/fact.ts";
import { windowOf } from "../shape/window.ts";
import { float32 } from "../../tensor/tensor.ts";
import { ignoresEndPads, missingOutputs } from "./webgpu_faults.ts";
import { type Rewrite, rewriteNodes, type RewriteScope } from "./rewrite_nodes.ts";

type Facts = ReadonlyMap<string, Fact>;

/**
 * How a node is written for WebGPU, given the facts of the values it reads and makes, and whether
 * a value is read.
 */
type Lowering = (scope: RewriteScope, facts: Facts, isRead: (value: string) => boolean) => void;

function dimsOf(facts: Facts, value: string): readonly number[] | undefined {
  return facts.get(value)?.dims;
}

/**
 * Shaders compute powers as exp2(b log2 a), far less exactly than a square root. So LRN becomes a
 * pool over the channels and, for its usual exponent, two roots.
 */
const lrn: Lowering = (scope, facts) => {
  const [x] = scope.node.input;
  const dims = dimsOf(facts, x);
  const beta = scope.attributes.float("beta", 0.75);
  if (dims === undefined || beta !== 0.75) return;
  const [, channels, ...spatial] = dims;
  const size = scope.attributes.int("size", 1);
  const before = Math.floor((size - 1) / 2);
  const scalar = (value: number) => scope.constant(float32(Float32Array.of(value), []));
  const area = spatial.reduce((a, b) => a * b, 1);
  const rows = scope.op("Reshape", [scope.op("Mul", [x, x]), scope.ints([0, 1, channels, area])]);
  const mean = scope.op("AveragePool", [rows], {
    kernel_shape: [size, 1],
    pads: [before, 0, size - 1 - before, 0],
    count_include_pad: 1,
  });
  const weighted = scope.op("Mul", [mean, scalar(scope.attributes.float("alpha", 1e-4))]);
  const flat = scope.op("Add", [weighted, scalar(scope.attributes.float("bias", 1))]);
  const s = scope.op("Reshape", [flat, scope.ints([0, channels, ...spatial])]);
  const root = scope.op("Sqrt", [s]);
  scope.replace("Div", [x, scope.op("Mul", [root, scope.op("Sqrt", [root])])]);
};

/** Convolutions that are wrong there get longer kernels, or more outputs that are cut off again. */
const conv: Lowering = (scope, facts) => {
  const [x, w, b] = scope.node.input;
  const [input, weight, output] = [x, w, scope.node.output[0]].map((name) => dimsOf(facts, name));
  if (input === undefined || weight === undefined || output === undefined) return;
  const groups = scope.attributes.int("group", 1);
  const [[, , ...spatial], [channels, into, ...kernel]] = [input, weight];
  const { strides, dilations, padsBegin, padsEnd } = windowOf(scope.attributes, spatial, kernel);
  const more = kernel.map(() => 0);
  if (ignoresEndPads({ kernel, strides, padsBegin, padsEnd }, spatial, groups)) more[0] = 1;
  const isShort = more[0] > 0;
  const rest = [into, ...kernel.map((size, axis) => size + more[axis])];
  const missing = missingOutputs([channels, ...rest], groups);
  if (!isShort && missing === 0) return explicitPads(scope, facts);
  const pads = [
    ...padsBegin,
    ...padsEnd.map((amount, axis) => amount + more[axis] * dilations[axis]),
  ];
  const values = { group: groups, strides, dilations, pads };
  const longer = isShort ? lengthened(scope, w, weight) : w;
  if (missing === 0) return scope.replace("Conv", b ? [x, longer, b] : [x, longer], values);
  const perGroup = channels / groups;
  const wide = (value: string, dims: readonly number[]) => {
    const split = scope.op("Reshape", [value, scope.ints([groups, perGroup, ...dims])]);
    const amounts = [0, 0, ...dims.map(() => 0), 0, missing, ...dims.map(() => 0)];
    const padded = scope.op("Pad", [split, scope.ints(amounts)]);
    return scope.op("Reshape", [padded, scope.ints([groups * (perGroup + missing), ...dims])]);
  };
  const full = scope.op("Conv", [x, wide(longer, rest), ...b ? [wide(b, [])] : []], values);
  const grouped = scope.op("Reshape", [full, scope.ints([0, groups, perGroup + missing, -1])]);
  const cut = scope.op("Slice", [grouped, ...[[0], [perGroup], [2]].map((v) => scope.ints(v))]);
  scope.replace("Reshape", [cut, scope.ints([0, channels, ...output.slice(2)])]);
};

/** Kernels of extents `dims` with a zero more along their first axis. */
function lengthened(scope: RewriteScope, kernels: string, dims: readonly number[]): string {
  const [out, into, length, ...rest] = dims;
  // The reshapes keep ONNX Runtime from taking the Pad for one of the convolution's input.
  const rows = scope.op("Reshape", [kernels, scope.ints([out * into, length, ...rest])]);
  const zeros = rest.map(() => 0);
  const padded = scope.op("Pad", [rows, scope.ints([0, 0, ...zeros, 0, 1, ...zeros])]);
  return scope.op("Reshape", [padded, scope.ints([out, into, length + 1, ...rest])]);
}

/** `auto_pad` and `ceil_mode` have been wrong or missing: they are spelled out as pads. */
function explicitPads(scope: RewriteScope, facts: Facts): void {
  const { attributes, node } = scope;
  const isCeil = attributes.int("ceil_mode", 0) === 1;
  if (!isCeil && attributes.string("auto_pad", "NOTSET") === "NOTSET") return;
  const dims = dimsOf(facts, node.input[0]);
  const kernel = attributes.ints("kernel_shape") ?? dimsOf(facts, node.input[1] ?? "")?.slice(2);
  if (dims === undefined || kernel === undefined) return;
  const spatial = dims.slice(2);
  const { strides, dilations, padsBegin, padsEnd, output } = windowOf(attributes, spatial, kernel);
  const reached = spatial.map((extent, axis) =>
    (output[axis] - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1 - extent -
    padsBegin[axis]
  );
  const end = isCeil ? reached.map((amount, axis) => Math.max(amount, padsEnd[axis])) : padsEnd;
  // Elements past the padding are not counted by a pool that counts padding.
  const counts = attributes.int("count_include_pad", 0) === 1;
  if (counts && end.some((amount, axis) => amount !== padsEnd[axis])) return;
  scope.rewrite(node.input, ["auto_pad", "ceil_mode"], { pads: [...padsBegin, ...end] });
}

/** A Dropout that an output is asked of is in no provider's hands; for inference it does nothing. */
const dropout: Lowering = (scope, facts, isRead) => {
  const { input: [x, , training], output: [, mask = ""] } = scope.node;
  const isOff = !training || facts.get(training)?.value?.[0] === 0;
  if (isOff && !isRead(mask)) scope.replace("Identity", [x], {}, 1);
};

const LOWERINGS: Readonly<Record<string, Lowering>> = {
  AveragePool: explicitPads,
  Conv: conv,
  Dropout: dropout,
  LRN: lrn,
  LpPool: explicitPads,
  MaxPool: explicitPads,
};

/**
 * The same model without the forms that ONNX Runtime's WebGPU provider computes wrongly, inexactly
 * or not at all; on other providers it gives the same results. Value names stay as they are, and
 * the batch stays open.
 *
 * @param model Of operator set 18 or later; see `upgradeModel`.
 * @param facts What `inferShapes` knows of it.
 */
export function forWebGpu(model: Model, facts: Facts): Model {
  const { graph } = model;
  const read = new Set([...graph.node.flatMap(inputsOf), ...graph.output.map(({ name }) => name)]);
  const isRead = (value: string) => value !== "" && read.has(value);
  return withGraph(
    model,
    rewriteNodes(graph, (node): Rewrite | undefined => {
      const lowering = isStandardDomain(node.domain) ? own(LOWERINGS, node.opType) : undefined;
      return lowering && ((scope) => lowering(scope, facts, isRead));
    }),
  );
}
