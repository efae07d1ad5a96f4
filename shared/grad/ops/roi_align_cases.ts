import { float32 } from "../../tensor/tensor.ts";
import { type GradientCase, ints, random } from "../gradient_case.ts";

/** Inside the map, over its border, beyond it, and of no extent. */
const REGIONS = float32(
  Float32Array.of(0.3, 1.2, 6.4, 5.1, -2.5, 3, 4, 9.5, 12, 12, 14, 15, 2, 2, 2, 2),
  [4, 4],
);

function align(
  name: string,
  attributes: GradientCase["attributes"],
  sets: Pick<GradientCase, "since" | "until"> = { since: 16 },
): GradientCase {
  return {
    op: "RoiAlign",
    name,
    inputs: [random([2, 3, 6, 7]), REGIONS, ints(0, 1, 1, 0)],
    attributes: { output_height: 2, output_width: 3, ...attributes },
    ...sets,
  };
}

export const cases: GradientCase[] = [
  align("two samples", { sampling_ratio: 2 }),
  align("as many samples as pixels", {}),
  align("pixels begin at 0", {
    sampling_ratio: 2,
    coordinate_transformation_mode: "output_half_pixel",
  }),
  align("before operator set 16", {}, { until: 15 }),
];
