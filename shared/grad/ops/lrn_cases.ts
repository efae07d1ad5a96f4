import { float } from "../../onnx/mod.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const lrn = (
  name: string,
  dims: readonly number[],
  attributes: GradientCase["attributes"],
): GradientCase => ({
  op: "LRN",
  name,
  inputs: [random(dims)],
  attributes,
});

export const cases: GradientCase[] = [
  lrn("size 5, strong", [1, 7, 3, 3], { size: 5, alpha: float(2), bias: float(1) }),
  lrn("size 3, beta 0.5", [2, 4, 3, 2], {
    size: 3,
    alpha: float(1),
    beta: float(0.5),
    bias: float(2),
  }),
  lrn("size 1", [1, 6, 2, 2], { size: 1, alpha: float(1) }),
  lrn("fewer channels than the window", [1, 2, 3, 3], { size: 5, alpha: float(1) }),
];
