import { float } from "../../onnx/mod.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const x = (...away: number[]) => random([2, 3, 4], { away });

export const cases: GradientCase[] = [
  { op: "Sigmoid", name: "default", inputs: [x()] },
  { op: "Tanh", name: "default", inputs: [x()] },
  { op: "Softsign", name: "default", inputs: [x(0)] },
  {
    op: "HardSigmoid",
    name: "default",
    inputs: [random([3, 5], { low: -4, high: 4, away: [-2.5, 2.5] })],
  },
  {
    op: "HardSigmoid",
    name: "alpha 0.5 beta 0.4",
    inputs: [x(-0.8, 1.2)],
    attributes: { alpha: float(0.5), beta: float(0.4) },
  },
  { op: "Erf", name: "default", inputs: [x()] },
  { op: "Gelu", name: "exact", inputs: [x()] },
  { op: "Gelu", name: "tanh", inputs: [x()], attributes: { approximate: "tanh" } },
  {
    op: "HardSwish",
    name: "default",
    inputs: [random([3, 8], { low: -5, high: 5, away: [-3, 3] })],
  },
  { op: "Mish", name: "default", inputs: [x()] },
  { op: "Swish", name: "default", inputs: [x()] },
  { op: "Swish", name: "alpha 1.7", inputs: [x()], attributes: { alpha: float(1.7) } },
];
