import { type GradientCase, random } from "../gradient_case.ts";

export const cases: GradientCase[] = [
  { op: "GlobalMaxPool", name: "2-D", inputs: [random([2, 3, 4, 5], { spaced: true })] },
  { op: "GlobalMaxPool", name: "1-D", inputs: [random([2, 3, 5], { spaced: true })] },
];
