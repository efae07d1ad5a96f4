import { readdirSync } from "node:fs";
import {
  type CaseInput,
  type GradientCase,
  homeOpset,
} from "../../../shared/grad/gradient_case.ts";
import { encodeModel, ModelBuilder } from "../../../shared/onnx/mod.ts";
import { uniformAt } from "../../../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../../shared/tensor/tensor.ts";

const CASES = new URL("../../../shared/grad/ops/", import.meta.url);

/** One operator in each way that its gradient is tested, and small networks of several. */
export async function networkSeeds(): Promise<readonly Uint8Array[]> {
  const files = readdirSync(CASES).filter((name) => name.endsWith("_cases.ts")).sort();
  const modules: { cases: GradientCase[] }[] = await Promise.all(
    files.map((name) => import(new URL(name, CASES).href)),
  );
  return [
    ...modules.flatMap(({ cases }) => cases).map(caseNetwork),
    ...SMALL.map((make) => make()),
  ];
}

function values(dims: readonly number[], seed: number): Tensor<"float32"> {
  return float32(
    Float32Array.from({ length: elementCount(dims) }, (_, i) => 2 * uniformAt(seed, i) - 1),
    dims,
  );
}

function caseNetwork(row: GradientCase) {
  const { op, inputs, attributes, outputs = 1 } = row;
  const b = new ModelBuilder({ opset: homeOpset(row) });
  const add = (input: CaseInput, i: number) => {
    if (input === null) return "";
    if ("data" in input) return b.constant(input, `in${i}`);
    if (input.stored) return b.constant(values(input.dims, i), `in${i}`);
    return b.input(`in${i}`, input.dims);
  };
  const names = Array.from({ length: outputs }, (_, i) => `out${i}`);
  b.ops(op, inputs.map(add), attributes ?? {}, names);
  for (const name of names) b.output(name);
  return encodeModel(b.build());
}

const SIDE = 8;

/** A classifier whose features `body` makes of an image of three channels. */
function classifier(body: (b: ModelBuilder, image: string) => string): Uint8Array {
  const b = new ModelBuilder();
  const features = body(b, b.input("x", ["N", 3, SIDE, SIDE]));
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [features], {}, "mean")], {}, "flat");
  const head = b.constant(values([4, 5], 9), "head");
  b.output(b.op("Gemm", [flat, head], {}, "logits"));
  b.output(b.op("Softmax", ["logits"], { axis: 1 }, "prob"));
  return encodeModel(b.build());
}

const conv = (b: ModelBuilder, x: string, depth: number, settings = {}) =>
  b.op("Conv", [x, b.constant(values([4, depth, 3, 3], depth))], {
    pads: [1, 1, 1, 1],
    ...settings,
  });

const SMALL: readonly (() => Uint8Array)[] = [
  () => classifier((b, x) => b.op("Relu", [conv(b, conv(b, x, 3), 4)], {}, "relu")),
  () =>
    classifier((b, x) => {
      const first = b.op("Relu", [conv(b, x, 3, { strides: [2, 2] })], {}, "relu");
      const pool = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
      const [a, c] = [b.op("MaxPool", [first], pool), b.op("AveragePool", [first], pool)];
      return b.op("Add", [conv(b, a, 4), b.op("Sigmoid", [c])], {}, "sum");
    }),
  () =>
    classifier((b, x) => {
      const shape = b.op("Shape", [x]);
      const [zero, two] = [0, 2].map((at) =>
        b.constant({ type: "int64", dims: [1], data: BigInt64Array.of(BigInt(at)) })
      );
      const rest = b.constant({ type: "int64", dims: [2], data: BigInt64Array.of(4n, -1n) });
      const batch = b.op("Slice", [shape, zero, b.op("Add", [zero, two])]);
      const wide = b.op("Reshape", [conv(b, x, 3), b.op("Concat", [batch, rest], { axis: 0 })]);
      const square = b.constant({
        type: "int64",
        dims: [4],
        data: BigInt64Array.of(1n, 4n, 8n, 8n),
      });
      return b.op("Reshape", [b.op("Softmax", [wide], { axis: 2 })].concat(square), {}, "back");
    }),
];
