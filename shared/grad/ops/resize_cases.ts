import { float } from "../../onnx/mod.ts";
import { type CaseInput, floats, type GradientCase, ints, random } from "../gradient_case.ts";

const x = random([1, 2, 4, 5]);

function resize(
  name: string,
  attributes: GradientCase["attributes"],
  size: { readonly scales?: readonly number[]; readonly sizes?: readonly number[] },
): GradientCase {
  const target: CaseInput[] = size.scales
    ? [null, floats(size.scales)]
    : [null, null, ints(...size.sizes!)];
  const since = attributes?.antialias ? 18 : 11;
  return { op: "Resize", name, since, inputs: [x, ...target], attributes };
}

const double = { scales: [1, 1, 2, 2] };
const uneven = { sizes: [1, 2, 7, 3] };

export const cases: GradientCase[] = [
  resize("nearest x2, asymmetric floor", {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  }, double),
  ...["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"].map((nearest_mode) =>
    resize(`nearest to 7x3, ${nearest_mode}`, { mode: "nearest", nearest_mode }, uneven)
  ),
  ...["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"].flatMap((mode) => [
    resize(`linear x2, ${mode}`, { mode: "linear", coordinate_transformation_mode: mode }, double),
    resize(
      `linear to 7x3, ${mode}`,
      { mode: "linear", coordinate_transformation_mode: mode },
      uneven,
    ),
  ]),
  resize("linear by 1.5 and 0.6", { mode: "linear" }, { scales: [1, 1, 1.5, 0.6] }),
  // Right only in float32, as ONNX Runtime computes: the size, and the places that are rounded.
  {
    op: "Resize",
    name: "linear, 10 by 0.7",
    since: 11,
    inputs: [random([1, 1, 10, 2]), null, floats([1, 1, 0.7, 1])],
    attributes: { mode: "linear" },
  },
  {
    op: "Resize",
    name: "nearest, 10 by 0.6, asymmetric floor",
    since: 11,
    inputs: [random([1, 1, 10, 2]), null, floats([1, 1, 0.6, 1])],
    attributes: {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    },
  },
  // Places that are the middle between two elements, or an element, all but for rounding.
  ...[["floor", 6, 1 / 3], ["ceil", 3, 1.5], ["round_prefer_floor", 7, 0.6], [
    "round_prefer_ceil",
    11,
    0.6,
  ]].map(([nearest_mode, extent, scale]): GradientCase => ({
    op: "Resize",
    name: `nearest, ${extent} by ${scale}, half_pixel_symmetric ${nearest_mode}`,
    since: 11,
    inputs: [random([1, 1, Number(extent), 2]), null, floats([1, 1, Number(scale), 1])],
    attributes: {
      mode: "nearest",
      coordinate_transformation_mode: "half_pixel_symmetric",
      nearest_mode,
    },
  })),
  {
    op: "Resize",
    name: "nearest, 17 by 0.3, round_prefer_ceil",
    since: 11,
    inputs: [random([1, 1, 17, 2]), null, floats([1, 1, 0.3, 1])],
    attributes: { mode: "nearest", nearest_mode: "round_prefer_ceil" },
  },
  resize("linear to 7x3, half_pixel_symmetric", {
    mode: "linear",
    coordinate_transformation_mode: "half_pixel_symmetric",
  }, uneven),
  ...["nearest", "linear"].map((mode) =>
    resize(`${mode} by 1.1, which changes no extent`, { mode }, { scales: [1, 1, 1.1, 1.1] })
  ),
  resize("cubic x2", { mode: "cubic" }, double),
  resize("cubic, align corners", {
    mode: "cubic",
    coordinate_transformation_mode: "align_corners",
    cubic_coeff_a: float(-0.5),
  }, uneven),
  {
    op: "Upsample",
    name: "nearest",
    since: 9,
    until: 9,
    inputs: [x, floats([1, 1, 2, 3])],
    attributes: { mode: "nearest" },
  },
  {
    op: "Upsample",
    name: "linear",
    until: 8,
    inputs: [x],
    attributes: { mode: "linear", scales: float([1, 1, 2, 2]) },
  },
  {
    op: "Resize",
    name: "linear, scales behind the map",
    until: 10,
    inputs: [x, floats([1, 1, 2, 2])],
    attributes: { mode: "linear" },
  },
  ...["linear", "cubic"].flatMap((mode) =>
    [
      resize(`${mode} to 7x3, antialias`, { mode, antialias: 1 }, uneven),
      resize(`${mode} to 2x2, antialias`, { mode, antialias: 1 }, { sizes: [1, 2, 2, 2] }),
      resize(`${mode} by half, antialias`, { mode, antialias: 1 }, { scales: [1, 1, 0.5, 0.5] }),
    ].map((row) => ({ ...row, wasmOnly: true }))
  ),
  ...["linear", "nearest"].map((mode): GradientCase => ({
    op: "Resize",
    name: `${mode}, a region`,
    since: 11,
    inputs: [x, floats([0, 0, 0.1, -0.2, 1, 1, 0.8, 0.9]), null, ints(1, 2, 4, 6)],
    attributes: {
      mode,
      coordinate_transformation_mode: "tf_crop_and_resize",
      extrapolation_value: float(0.5),
    },
  })),
];
