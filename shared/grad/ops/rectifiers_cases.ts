import { float } from "../../onnx/mod.ts";
import { floats, type GradientCase, random } from "../gradient_case.ts";

const x = (...away: number[]) => random([2, 3, 4], { away });

/** A bound that is known only when it runs. */
const fed = (value: number) => random([], { low: value, high: value });

/** The largest float32, which exporters write where there is no bound. */
const MOST = 3.4028234663852886e38;

export const cases: GradientCase[] = [
  { op: "Relu", name: "4-D", inputs: [random([2, 3, 3, 3], { away: [0] })] },
  { op: "Relu", name: "scalar", inputs: [random([], { away: [0] })] },
  { op: "Clip", name: "both bounds", since: 11, inputs: [x(-1, 1), floats(-1), floats(1)] },
  { op: "Clip", name: "only min", since: 11, inputs: [x(0.5), floats(0.5)] },
  { op: "Clip", name: "only max", since: 11, inputs: [x(0.5), null, floats(0.5)] },
  { op: "Clip", name: "no bounds", inputs: [x()] },
  { op: "Clip", name: "bounds exchanged", since: 11, inputs: [x(-1, 1), floats(1), floats(-1)] },
  { op: "Clip", name: "endless min", since: 11, inputs: [x(), floats(-Infinity), floats(MOST)] },
  { op: "Clip", name: "max below all", since: 11, inputs: [x(), floats(-MOST), floats(-5)] },
  { op: "Clip", name: "bounds fed", since: 11, inputs: [x(-1, 1), fed(-1), fed(1)] },
  { op: "Clip", name: "only max fed", since: 11, inputs: [x(1), null, fed(1)] },
  { op: "Clip", name: "bounds fed, exchanged", since: 11, inputs: [x(-1, 1), fed(1), fed(-1)] },
  {
    op: "Clip",
    name: "attributes",
    until: 10,
    inputs: [x(0, 1.5)],
    attributes: { min: float(0), max: float(1.5) },
  },
  { op: "LeakyRelu", name: "default", inputs: [x(0)] },
  { op: "LeakyRelu", name: "alpha 0.3", inputs: [x(0)], attributes: { alpha: float(0.3) } },
  {
    op: "PRelu",
    name: "slope per channel",
    inputs: [random([2, 3, 4, 4], { away: [0] }), random([3, 1, 1])],
  },
  { op: "PRelu", name: "one slope", inputs: [x(0), random([1])] },
  { op: "Elu", name: "default", inputs: [x(0)] },
  { op: "Elu", name: "alpha 0.5", inputs: [x(0)], attributes: { alpha: float(0.5) } },
  { op: "Selu", name: "default", inputs: [x(0)] },
  { op: "Celu", name: "alpha 2", inputs: [x(0)], attributes: { alpha: float(2) } },
  { op: "ThresholdedRelu", name: "default", inputs: [x(1)] },
  { op: "ThresholdedRelu", name: "alpha 0.5", inputs: [x(0.5)], attributes: { alpha: float(0.5) } },
  { op: "Shrink", name: "default", inputs: [x(-0.5, 0.5)] },
  {
    op: "Shrink",
    name: "lambd 1 bias 0.3",
    inputs: [x(-1, 1)],
    attributes: { lambd: float(1), bias: float(0.3) },
  },
  { op: "Softplus", name: "default", inputs: [x()] },
];
