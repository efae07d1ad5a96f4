import { type CaseInput, type GradientCase, random } from "../gradient_case.ts";

const scalar = (value: number) =>
  ({ type: "int64", dims: [], data: BigInt64Array.of(BigInt(value)) }) as const;

function dft(
  name: string,
  inputs: readonly CaseInput[],
  attributes: GradientCase["attributes"] = {},
  sets: Pick<GradientCase, "since" | "until"> = { until: 19 },
): GradientCase {
  return { op: "DFT", name, inputs, attributes, ...sets };
}

const real = random([2, 6, 3, 1]);
const complex = random([2, 6, 3, 2]);

export const cases: GradientCase[] = [
  dft("real", [real]),
  dft("real, one side", [real], { onesided: 1 }),
  dft("complex, axis 2", [complex], { axis: 2 }),
  dft("inverse", [complex], { inverse: 1 }),
  dft("longer than the axis", [real, scalar(8)]),
  dft("shorter than the axis", [complex, scalar(5)], { inverse: 1 }),
  dft("axis as an input", [real, null, scalar(1)], { onesided: 1 }, { since: 20 }),
  dft("axis left out", [complex], {}, { since: 20 }),
];
