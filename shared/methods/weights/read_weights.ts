import { InputError } from "../../errors.ts";
import { Attributes, GraphIndex, type NodeProto } from "../../onnx/mod.ts";
import type { RunOptions } from "../../runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../tensor/tensor.ts";
import { constantTensor } from "../../network/weights.ts";
import type { Network } from "../../network/network.ts";
import type { WeightedNode } from "./find_weights.ts";

/** The weights of a layer: for each unit, one plane for each channel that it reads. */
export interface LayerWeights {
  /** [units, channels, height, width] */
  readonly tensor: Tensor<"float32">;
  /** Whether each unit is at one place only and has a weight for every input of it. */
  readonly isDense: boolean;
  /** Groups of channels; the units of a group read its channels only. */
  readonly groups: number;
}

/**
 * The weights of an operator as numbers; what is computed from constants is computed here.
 *
 * @throws {RangeError} If they are no kernels over rows and columns, or not numbers.
 */
export async function readWeights(
  network: Network,
  { node, weights }: WeightedNode,
  options: RunOptions,
): Promise<LayerWeights> {
  const raw = await constantTensor(network, weights, options);
  const read = KERNELS[node.opType ?? ""];
  const result = read ? read(node, raw) : matrix(node, raw, network);
  const bad = result.tensor.data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return result;
  const [units, ...rest] = result.tensor.dims;
  const unit = Math.floor(bad / elementCount(rest));
  throw new InputError(
    `Cannot show the weights "${weights}": unit ${unit} of ${units} has the weight ` +
      `${result.tensor.data[bad]}, expected finite numbers`,
  );
}

function kernels(node: NodeProto, { dims, data }: Tensor<"float32">): LayerWeights {
  if (dims.length !== 3 && dims.length !== 4) {
    throw new InputError(
      `Cannot show the weights "${node.input[1]}": kernels of shape [${dims}] are not over rows ` +
        `and columns, expected [units, channels, height, width]`,
    );
  }
  const [units, channels, ...kernel] = dims;
  const [height, width] = kernel.length === 1 ? [1, ...kernel] : kernel;
  return {
    tensor: float32(data, [units, channels, height, width]),
    isDense: false,
    groups: new Attributes(node).int("group", 1),
  };
}

/** The kernels [channels, units / groups, height, width] of a transposed convolution, by unit. */
function transposedKernels(node: NodeProto, raw: Tensor<"float32">): LayerWeights {
  const groups = new Attributes(node).int("group", 1);
  const [channels, units, ...kernel] = raw.dims;
  const [perGroup, area] = [channels / groups, elementCount(kernel)];
  const data = new Float32Array(raw.data.length);
  for (let from = 0; from < channels; from++) {
    const [group, channel] = [Math.floor(from / perGroup), from % perGroup];
    for (let unit = 0; unit < units; unit++) {
      const at = (from * units + unit) * area;
      const to = ((group * units + unit) * perGroup + channel) * area;
      data.set(raw.data.subarray(at, at + area), to);
    }
  }
  return kernels(node, float32(data, [groups * units, perGroup, ...kernel]));
}

/** Operators whose weights are kernels; those of others are a matrix. */
const KERNELS: Readonly<Record<string, typeof kernels>> = {
  Conv: kernels,
  ConvTranspose: transposedKernels,
};

function matrix(
  node: NodeProto,
  { dims, data }: Tensor<"float32">,
  network: Network,
): LayerWeights {
  if (dims.length !== 2) {
    throw new InputError(
      `Cannot show the weights "${node.input[1]}": their shape is [${dims}], expected a matrix`,
    );
  }
  const isByUnit = node.opType === "Gemm" && new Attributes(node).int("transB", 0) === 1;
  const [units, inputs] = isByUnit ? dims : dims.toReversed();
  const byUnit = isByUnit ? data : transposed(data, units, inputs);
  const [channels, height, width] = flattenedMap(node, inputs, network);
  return {
    tensor: float32(byUnit, [units, channels, height, width]),
    isDense: true,
    groups: 1,
  };
}

function transposed(data: Float32Array, units: number, inputs: number): Float32Array {
  return Float32Array.from(
    { length: data.length },
    (_, at) => data[(at % inputs) * units + Math.floor(at / inputs)],
  );
}

/** Shape of the maps that were flattened into the matrix' inputs, if it was that. */
function flattenedMap(node: NodeProto, inputs: number, network: Network): readonly number[] {
  const index = new GraphIndex(network.file.graph);
  const before = index.producer(node.input[0]);
  const isFlattened = before?.opType === "Flatten" || before?.opType === "Reshape";
  const dims = isFlattened ? network.facts.get(before.input[0])?.dims.slice(1) : undefined;
  return dims?.length === 3 && elementCount(dims) === inputs ? dims : [inputs, 1, 1];
}
