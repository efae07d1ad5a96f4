import type { Tensor } from "../../tensor/tensor.ts";
import { float } from "../../onnx/mod.ts";
import { type GradientCase, random } from "../gradient_case.ts";

const flags: Tensor<"bool"> = {
  type: "bool",
  dims: [3, 4],
  data: Uint8Array.of(1, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1),
};

const op = "Attention";
const heads = [random([2, 2, 3, 4]), random([2, 2, 4, 4]), random([2, 2, 4, 5])];

export const cases: GradientCase[] = [
  { op, name: "heads", inputs: heads },
  { op, name: "scale", inputs: heads, attributes: { scale: float(0.3) } },
  { op, name: "causal", inputs: heads, attributes: { is_causal: 1 } },
  { op, name: "flags", inputs: [...heads, flags] },
  { op, name: "mask", inputs: [...heads, random([1, 3, 4])] },
  {
    op,
    name: "joined heads",
    inputs: [random([1, 3, 8]), random([1, 5, 8]), random([1, 5, 6])],
    attributes: { q_num_heads: 2, kv_num_heads: 2 },
  },
  {
    op,
    name: "shared keys",
    inputs: [random([1, 3, 8]), random([1, 5, 4]), random([1, 5, 6])],
    attributes: { q_num_heads: 4, kv_num_heads: 2 },
  },
];
