import { float32 } from "../../tensor/tensor.ts";
import { toFloat32 } from "../tensor_proto.ts";
import type { RewriteScope } from "./rewrite_nodes.ts";

type Unfuse = (scope: RewriteScope) => void;

/** A matrix of weights that are stored in blocks with a scale each. */
interface Blocks {
  /** Rows of the stored matrix: outputs. */
  readonly n: number;
  /** Columns: inputs. */
  readonly k: number;
  readonly size: number;
}

const blocksOf = ({ attributes }: RewriteScope): Blocks => ({
  n: attributes.int("N", 0),
  k: attributes.int("K", 0),
  size: attributes.int("block_size", 1),
});

const floatsOf = (scope: RewriteScope, name: string) => {
  const tensor = scope.stored(name);
  return tensor && toFloat32(tensor, name).data;
};

/** Whether attributes tell of more weights than are stored: a file may say anything. */
const isShort = (packed: Uint8Array, { n, k }: Blocks, bits: number) =>
  n * k * bits > 8 * packed.length;

/** x W, with W [k, n] of `weight(row, column)`, and what is added. */
function multiply(
  scope: RewriteScope,
  { n, k }: Blocks,
  weight: (output: number, input: number) => number,
  bias = "",
): void {
  const data = new Float32Array(n * k);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < k; column++) data[column * n + row] = weight(row, column);
  }
  const inputs = [scope.node.input[0], scope.constant(float32(data, [k, n]))];
  if (bias) scope.replace("Add", [scope.op("MatMul", inputs), bias]);
  else scope.replace("MatMul", inputs);
}

/** Integers of 2, 4 or 8 bits, the lowest bits first, with a scale and a zero point for each block. */
const matMulNBits: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const [, b, scale, zero = "", order = "", bias = ""] = node.input;
  const blocks = blocksOf(scope);
  const bits = attributes.int("bits", 4);
  const packed = scope.stored(b)?.data as Uint8Array | undefined;
  const scales = floatsOf(scope, scale);
  const zeros = zero ? scope.stored(zero) : undefined;
  if (!packed || !scales || order || (zero && !zeros) || isShort(packed, blocks, bits)) {
    return scope.rewrite(node.input, []);
  }
  const perRow = Math.ceil(blocks.k / blocks.size);
  const mask = 2 ** bits - 1;
  const read = (bytes: Uint8Array, start: number, i: number) => {
    const at = i * bits;
    return bytes[start + (at >> 3)] >> (at & 7) & mask;
  };
  const zeroAt = (row: number, block: number) => {
    if (!zeros) return 2 ** (bits - 1);
    if (zeros.type !== "uint8") return toFloat32(zeros, zero).data[row * perRow + block];
    return read(zeros.data as Uint8Array, row * Math.ceil(perRow * bits / 8), block);
  };
  const blob = blocks.size * bits / 8;
  multiply(scope, blocks, (row, column) => {
    const block = Math.floor(column / blocks.size);
    const start = (row * perRow + block) * blob;
    const level = read(packed, start, column % blocks.size);
    return (level - zeroAt(row, block)) * scales[row * perRow + block];
  }, bias);
};

/** A sign, two bits of an exponent and one of a fraction. */
const FLOATS = [0, 1 / 192, 2 / 3, 1, 1 / 3, 1 / 2, 1 / 6, 1 / 4];

/** The numbers that four bits stand for: those floats, or quantiles of a normal distribution. */
const LEVELS: Readonly<Record<number, readonly number[]>> = {
  0: [...FLOATS, ...FLOATS.map((value) => -value)],
  1: [
    -1,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1,
  ],
};

/**
 * Four bits each, the higher ones first, that count in units of the largest value of a block.
 *
 * @see Dettmers et al., "QLoRA: Efficient Finetuning of Quantized LLMs", NeurIPS 2023
 */
const matMulBnb4: Unfuse = (scope) => {
  const { node, attributes } = scope;
  const [, b, largest] = node.input;
  const blocks = blocksOf(scope);
  const packed = scope.stored(b)?.data as Uint8Array | undefined;
  const scales = floatsOf(scope, largest);
  const levels = LEVELS[attributes.int("quant_type", 1)];
  if (!packed || !scales || !levels || isShort(packed, blocks, 4)) {
    return scope.rewrite(node.input, []);
  }
  multiply(scope, blocks, (row, column) => {
    const at = row * blocks.k + column;
    const byte = packed[at >> 1];
    const level = levels[at % 2 === 0 ? byte >> 4 : byte & 15];
    return level * scales[Math.floor(at / blocks.size)];
  });
};

/** Products with weights of few bits in blocks, as they are published of transformers. */
export const BLOCKWISE: Readonly<Record<string, Unfuse>> = {
  MatMulBnb4: matMulBnb4,
  MatMulNBits: matMulNBits,
};
