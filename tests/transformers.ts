/** Small networks whose maps are tokens or have their channels last, as exporters write them. */
import { type AttributeValues, encodeModel, ModelBuilder } from "../shared/onnx/mod.ts";
import { float32 } from "../shared/tensor/tensor.ts";
import { randomTensor } from "./networks.ts";

/** Channels of all maps. */
export const WIDTH = 8;

/**
 * Who writes a graph: PyTorch's exporters, the newer with and without the operator Attention; or of
 * whom, as the first CLIP of Hugging Face: queries, keys and values by themselves, heads a batch.
 */
export type Exporter = "torchscript" | "dynamo" | "dynamo 23" | "heads as a batch";

export interface VitOptions {
  /** How an exporter writes projections, heads and normalisations. @default "torchscript" */
  readonly exporter?: Exporter;
  /** What the scores are made of. @default "class token" */
  readonly pool?: "class token" | "mean";
  /** Tokens without a position behind the class token. @default 0 */
  readonly registers?: number;
  /** @default 2 */
  readonly blocks?: number;
}

/** Extents of the image of {@linkcode vitNet}, and of its tokens. */
export const VIT = { height: 16, width: 12, rows: 4, columns: 3, heads: 2 } as const;

/** x -> patches -> tokens, "embedded" -> blocks, "block0.attn" and "block0.out" -> logits. */
export function vitNet(options: VitOptions = {}): Uint8Array<ArrayBuffer> {
  const { exporter = "torchscript", pool = "class token", registers = 0, blocks = 2 } = options;
  const l = new Layers(exporter === "dynamo 23" ? 23 : 18);
  const normed = l.norm("norm", l.trunk(1 + registers, blocks, exporter), exporter);
  const pooled = pool === "mean"
    ? l.op("ReduceMean", [normed, l.ints(1)], { keepdims: 0 })
    : l.token(normed, 0);
  l.b.output(l.op("Gemm", [pooled, l.weight("head", [WIDTH, 5])], {}, "logits"));
  return encodeModel(l.b.build());
}

/**
 * A vision transformer with a distillation token beside the class token, each with a classifier, as
 * DeiT; the scores are their mean.
 */
export function deitNet(): Uint8Array<ArrayBuffer> {
  const l = new Layers();
  const normed = l.norm("norm", l.trunk(2, 2, "torchscript"), "torchscript");
  const [ofClass, ofTeacher] = ["head", "head_dist"].map((name, i) =>
    l.op("Gemm", [l.token(normed, i), l.weight(name, [WIDTH, 5])], {}, `${name}.out`)
  );
  const sum = l.op("Add", [ofClass, ofTeacher]);
  l.b.output(l.op("Div", [sum, l.scalar(2)], {}, "logits"));
  return encodeModel(l.b.build());
}

/** Length of the code of {@linkcode clipNet}. */
export const CODE = 6;

/**
 * An image encoder without classes, as CLIP's: a normalisation before the first block, attention of
 * which the heads are a batch, "block1.out", the class token normalised and projected ->
 * "image_embeds", of length 1.
 */
export function clipNet(): Uint8Array<ArrayBuffer> {
  const l = new Layers();
  const before = (stream: string) => l.norm("pre_layernorm", stream, "dynamo");
  const stream = l.trunk(1, 2, "heads as a batch", before);
  const pooled = l.norm("post_layernorm", l.token(stream, 0), "dynamo");
  const code = l.op("MatMul", [pooled, l.weight("projection", [WIDTH, CODE])], {}, "code");
  const length = l.op("ReduceL2", [code, l.ints(-1)], { keepdims: 1 });
  l.b.output(l.op("Div", [code, length], {}, "image_embeds"));
  return encodeModel(l.b.build());
}

/** x [N, 3, 16, 16] -> a shifted window of 4 x 4, "attn", [N, 8, 8, C], "out" -> logits. */
export function swinNet(): Uint8Array<ArrayBuffer> {
  const l = new Layers();
  const x = l.b.input("x", ["N", 3, 16, 16]);
  const conv = l.op(
    "Conv",
    [x, l.weight("patch", [WIDTH, 3, 2, 2])],
    { strides: [2, 2] },
    "patches",
  );
  const last = l.op("Transpose", [conv], { perm: [0, 2, 3, 1] }, "last");
  const normed = l.norm("norm", last, "torchscript");
  const rolled = l.roll(l.roll(normed, 1, 2), 2, 2);
  const split = l.op("Reshape", [rolled, l.ints(1, 2, 4, 2, 4, WIDTH)]);
  const apart = l.op("Transpose", [split], { perm: [0, 1, 3, 2, 4, 5] });
  const windows = l.op("Reshape", [apart, l.ints(4, 16, WIDTH)], {}, "windows");
  const attended = l.attention("", windows, [4, 16], "torchscript");
  const together = l.op("Reshape", [attended, l.ints(1, 2, 2, 4, 4, WIDTH)]);
  const inRows = l.op("Transpose", [together], { perm: [0, 1, 3, 2, 4, 5] });
  const map = l.op("Reshape", [inRows, l.ints(1, 8, 8, WIDTH)], {}, "reversed");
  const back = l.roll(l.roll(map, 1, -2), 2, -2);
  const sum = l.op("Add", [last, back], {}, "out");
  const merged = l.op(
    "Concat",
    [
      ...[[0, 0], [1, 0], [0, 1], [1, 1]].map(([row, column]) =>
        l.op("Slice", [
          sum,
          l.ints(row, column),
          l.ints(2 ** 31, 2 ** 31),
          l.ints(1, 2),
          l.ints(2, 2),
        ])
      ),
    ],
    { axis: -1 },
    "merged",
  );
  const reduced = l.op(
    "MatMul",
    [merged, l.weight("reduction", [4 * WIDTH, WIDTH])],
    {},
    "reduced",
  );
  const pooled = l.op("ReduceMean", [reduced, l.ints(1, 2)], { keepdims: 0 });
  l.b.output(l.op("Gemm", [pooled, l.weight("head", [WIDTH, 5])], {}, "logits"));
  return encodeModel(l.b.build());
}

/** x [N, 3, 12, 10] -> a block whose map is [N, 6, 5, C] within, "wide" -> logits. */
export function convNextNet(): Uint8Array<ArrayBuffer> {
  const l = new Layers();
  const x = l.b.input("x", ["N", 3, 12, 10]);
  const stem = l.op("Conv", [x, l.weight("stem.w", [WIDTH, 3, 2, 2])], { strides: [2, 2] }, "stem");
  const deep = l.op("Conv", [stem, l.weight("deep.w", [WIDTH, 1, 3, 3])], {
    group: WIDTH,
    pads: [1, 1, 1, 1],
  });
  const last = l.op("Transpose", [deep], { perm: [0, 2, 3, 1] });
  const normed = l.norm("norm", last, "dynamo");
  const wide = l.op("MatMul", [normed, l.weight("w1", [WIDTH, 12])], {}, "wide");
  const narrow = l.op("MatMul", [l.gelu(wide), l.weight("w2", [12, WIDTH])], {}, "narrow");
  const back = l.op("Transpose", [narrow], { perm: [0, 3, 1, 2] });
  const sum = l.op("Add", [stem, back], {}, "out");
  const pooled = l.op("Flatten", [l.op("GlobalAveragePool", [sum])]);
  l.b.output(l.op("Gemm", [pooled, l.weight("head", [WIDTH, 5])], {}, "logits"));
  return encodeModel(l.b.build());
}

/** Layers as exporters write them, with random weights. */
class Layers {
  readonly b: ModelBuilder;
  #seed = 0;

  constructor(opset = 18) {
    this.b = new ModelBuilder({ opset });
  }

  op(type: string, inputs: readonly string[], values: AttributeValues = {}, name?: string) {
    return this.b.op(type, inputs, values, name);
  }

  ints(...values: number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.b.constant({ type: "int64", dims: [values.length], data });
  }

  scalarInt(value: number): string {
    return this.b.constant({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) });
  }

  scalar(value: number): string {
    return this.b.constant(float32(Float32Array.of(value), []));
  }

  weight(name: string, dims: readonly number[]): string {
    return this.b.constant(randomTensor(dims, ++this.#seed, 0.5), name);
  }

  /** x -> patches -> tokens behind `extra` others, "embedded" -> blocks, "block0.out" and so on. */
  trunk(
    extra: number,
    blocks: number,
    exporter: Exporter,
    before: (stream: string) => string = (stream) => stream,
  ): string {
    const x = this.b.input("x", ["N", 3, VIT.height, VIT.width]);
    const patches = this.op("Conv", [x, this.weight("patch", [WIDTH, 3, 4, 4])], {
      strides: [4, 4],
    });
    const flat = this.op("Reshape", [patches, this.ints(0, WIDTH, VIT.rows * VIT.columns)]);
    const tokens = this.op("Transpose", [flat], { perm: [0, 2, 1] }, "patches");
    const count = extra + VIT.rows * VIT.columns;
    const joined = this.op("Concat", [this.weight("class", [1, extra, WIDTH]), tokens], {
      axis: 1,
    });
    const position = this.weight("position", [1, count, WIDTH]);
    let stream = before(this.op("Add", [joined, position], {}, "embedded"));
    for (let i = 0; i < blocks; i++) stream = this.block(`block${i}`, stream, count, exporter);
    return stream;
  }

  /** One of the tokens [1, T, C]. */
  token(stream: string, index: number): string {
    return this.op("Gather", [stream, this.scalarInt(index)], { axis: 1 });
  }

  /** A block of a transformer: attention and a perceptron, each with a way around it. */
  block(name: string, stream: string, count: number, exporter: Exporter): string {
    const normed = this.norm(`${name}.norm1`, stream, exporter);
    const attended = this.attention(`${name}.`, normed, [1, count], exporter);
    const sum = this.op("Add", [stream, attended], {}, `${name}.mid`);
    const again = this.norm(`${name}.norm2`, sum, exporter);
    const wide = this.op("MatMul", [again, this.weight(`${name}.w1`, [WIDTH, 12])]);
    const narrow = this.op("MatMul", [this.gelu(wide), this.weight(`${name}.w2`, [12, WIDTH])]);
    return this.op("Add", [sum, narrow], {}, `${name}.out`);
  }

  /** Of tokens [batch, count, C]; the matrix is "<name>attn". */
  attention(
    name: string,
    tokens: string,
    [batch, count]: readonly [number, number],
    exporter: Exporter,
  ): string {
    const { heads } = VIT;
    const size = WIDTH / heads;
    if (exporter === "heads as a batch") return this.#ofBatch(name, tokens, count, size);
    const qkv = this.op("Add", [
      this.op("MatMul", [tokens, this.weight(`${name}qkv`, [WIDTH, 3 * WIDTH])]),
      this.weight(`${name}bias`, [3 * WIDTH]),
    ]);
    const [q, k, v] = exporter === "torchscript"
      ? this.#gathered(qkv, [batch, count, 3, heads, size])
      : this.#split(name, qkv, [batch, count, heads, size]);
    const mixed = exporter === "dynamo 23"
      ? this.op("Attention", [q, k, v], {}, `${name}mixed`)
      : this.#mixed(name, [q, k, v], size);
    const ordered = this.op("Transpose", [mixed], { perm: [0, 2, 1, 3] });
    const joined = this.op("Reshape", [ordered, this.ints(batch, count, WIDTH)]);
    return this.op("MatMul", [joined, this.weight(`${name}proj`, [WIDTH, WIDTH])]);
  }

  /** The scale is of the queries, and the matrix [heads, count, count]. */
  #ofBatch(name: string, tokens: string, count: number, size: number): string {
    const { heads } = VIT;
    const apart = ["q", "k", "v"].map((part) => {
      const made = this.op("Add", [
        this.op("MatMul", [tokens, this.weight(`${name}${part}`, [WIDTH, WIDTH])]),
        this.weight(`${name}${part}.bias`, [WIDTH]),
      ]);
      const scaled = part === "q" ? this.op("Mul", [made, this.scalar(size ** -0.5)]) : made;
      const split = this.op("Reshape", [scaled, this.ints(1, count, heads, size)]);
      const turned = this.op("Transpose", [split], { perm: [0, 2, 1, 3] });
      return this.op("Reshape", [turned, this.ints(heads, count, size)]);
    });
    const [q, k, v] = apart;
    const products = this.op("MatMul", [q, this.op("Transpose", [k], { perm: [0, 2, 1] })]);
    const weights = this.op("Softmax", [products], { axis: -1 }, `${name}attn`);
    const mixed = this.op("MatMul", [weights, v], {}, `${name}mixed`);
    const split = this.op("Reshape", [mixed, this.ints(1, heads, count, size)]);
    const ordered = this.op("Transpose", [split], { perm: [0, 2, 1, 3] });
    const joined = this.op("Reshape", [ordered, this.ints(1, count, WIDTH)]);
    return this.op("MatMul", [joined, this.weight(`${name}proj`, [WIDTH, WIDTH])]);
  }

  #mixed(name: string, [q, k, v]: readonly string[], size: number): string {
    const keys = this.op("Transpose", [k], { perm: [0, 1, 3, 2] });
    const scaled = this.op("Mul", [this.op("MatMul", [q, keys]), this.scalar(size ** -0.5)]);
    const weights = this.op("Softmax", [scaled], { axis: -1 }, `${name}attn`);
    return this.op("MatMul", [weights, v], {}, `${name}mixed`);
  }

  #gathered(qkv: string, dims: readonly number[]): string[] {
    const apart = this.op("Reshape", [qkv, this.ints(...dims)]);
    const turned = this.op("Transpose", [apart], { perm: [2, 0, 3, 1, 4] });
    return [0, 1, 2].map((i) => this.op("Gather", [turned, this.scalarInt(i)], { axis: 0 }));
  }

  #split(name: string, qkv: string, dims: readonly number[]): string[] {
    const sizes = this.ints(WIDTH, WIDTH, WIDTH);
    const names = ["q", "k", "v"].map((part) => `${name}${part}`);
    return this.b.ops("Split", [qkv, sizes], { axis: 2 }, names).map((part) =>
      this.op("Transpose", [this.op("Reshape", [part, this.ints(...dims)])], { perm: [0, 2, 1, 3] })
    );
  }

  /** Over the last axis. */
  norm(name: string, x: string, exporter: Exporter): string {
    const scale = this.weight(`${name}.scale`, [WIDTH]);
    const shift = this.weight(`${name}.shift`, [WIDTH]);
    if (exporter !== "torchscript") {
      return this.op("LayerNormalization", [x, scale, shift], {}, name);
    }
    const centred = this.op("Sub", [x, this.op("ReduceMean", [x, this.ints(-1)])]);
    const variance = this.op("ReduceMean", [
      this.op("Pow", [centred, this.scalar(2)]),
      this.ints(-1),
    ]);
    const deviation = this.op("Sqrt", [this.op("Add", [variance, this.scalar(1e-5)])]);
    const normed = this.op("Mul", [this.op("Div", [centred, deviation]), scale]);
    return this.op("Add", [normed, shift], {}, name);
  }

  gelu(x: string): string {
    const erf = this.op("Erf", [this.op("Div", [x, this.scalar(Math.SQRT2)])]);
    const gate = this.op("Add", [erf, this.scalar(1)]);
    return this.op("Mul", [this.op("Mul", [x, gate]), this.scalar(0.5)]);
  }

  /** As torch.roll is written: two slices, joined the other way round. */
  roll(x: string, axis: number, shift: number): string {
    const cut = (from: number, to: number) =>
      this.op("Slice", [x, this.ints(from), this.ints(to), this.ints(axis)]);
    return this.op("Concat", [cut(shift, 2 ** 31), cut(0, shift)], { axis });
  }
}
