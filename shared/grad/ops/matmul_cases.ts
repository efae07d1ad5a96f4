import { float } from "../../onnx/mod.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const matMul = (name: string, a: readonly number[], b: readonly number[]): GradientCase => ({
  op: "MatMul",
  name,
  inputs: [random(a), random(b)],
});

const gemm = (
  name: string,
  a: readonly number[],
  b: readonly number[],
  attributes: GradientCase["attributes"] = {},
  c: readonly number[] = [5],
): GradientCase => ({ op: "Gemm", name, inputs: [random(a), random(b), random(c)], attributes });

export const cases: GradientCase[] = [
  matMul("matrices", [3, 4], [4, 5]),
  matMul("batches", [2, 3, 4], [2, 4, 5]),
  matMul("weights shared over a batch", [2, 3, 4], [4, 5]),
  matMul("batches broadcast both ways", [2, 1, 3, 4], [3, 4, 2]),
  matMul("vector times matrix", [4], [4, 5]),
  matMul("matrix times vector", [3, 4], [4]),
  matMul("batch times vector", [2, 3, 4], [4]),
  matMul("vector times batch", [4], [2, 4, 3]),
  matMul("vectors", [4], [4]),
  gemm("plain", [2, 4], [4, 5]),
  gemm("transB", [2, 4], [5, 4], { transB: 1 }),
  gemm("transA", [4, 2], [4, 5], { transA: 1 }),
  gemm("both", [4, 2], [5, 4], { transA: 1, transB: 1 }),
  gemm("alpha and beta", [2, 4], [4, 5], { alpha: float(0.5), beta: float(-2) }, [2, 1]),
  { op: "Gemm", name: "no C", since: 11, inputs: [random([2, 4]), random([4, 3])] },
  {
    op: "Gemm",
    name: "stored weights",
    inputs: [random([2, 4]), random([5, 4], { stored: true }), random([5], { stored: true })],
    attributes: { transB: 1 },
  },
];
