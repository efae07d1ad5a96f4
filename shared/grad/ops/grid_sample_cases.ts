import { float32 } from "../../tensor/tensor.ts";
import { type GradientCase, random } from "../gradient_case.ts";

/** Places between pixels, on borders and beyond them, as a fixed grid [2, 2, 3, 2]. */
const PLACES = float32(
  Float32Array.from(
    { length: 24 },
    (_, i) => [-1.7, -0.93, -0.41, 0.13, 0.57, 0.88, 1.36][(5 * i + 3) % 7] + 0.011 * i,
  ),
  [2, 2, 3, 2],
);

/** The same as 8 places of a volume, [1, 2, 2, 2, 3]. */
const VOLUME_PLACES = float32(PLACES.data, [1, 2, 2, 2, 3]);

const image = () => random([2, 3, 4, 5]);

/** Of a map of 3 x 3 these coordinates are whole pixels. */
const KINKS = [-2, -4 / 3, -1, -2 / 3, 0, 2 / 3, 1, 4 / 3, 2];
const grid = () => random([1, 2, 2, 2], { low: -1.9, high: 1.9, away: KINKS });

const PADDINGS = ["zeros", "border", "reflection"];
const both = ["bilinear", "nearest", "bicubic"].flatMap((mode) =>
  PADDINGS.flatMap((padding_mode) =>
    [0, 1].map((align_corners) => ({ mode, padding_mode, align_corners }))
  )
);

/** Operator set 20 calls the others by new names. */
const lastOf = ({ mode }: typeof both[number]) => mode === "nearest" ? undefined : 19;

const nameOf = (attributes: typeof both[number]) => Object.values(attributes).join(" ");

export const cases: GradientCase[] = [
  ...both.map((attributes) => ({
    op: "GridSample",
    name: `map ${nameOf(attributes)}`,
    until: lastOf(attributes),
    inputs: [image(), PLACES],
    attributes,
  })),
  ...both.filter(({ mode }) => mode !== "nearest").map((attributes) => ({
    op: "GridSample",
    name: `grid ${nameOf(attributes)}`,
    until: lastOf(attributes),
    inputs: [random([1, 2, 3, 3]), grid()],
    attributes,
  })),
  // A volume: planes, rows and columns, since operator set 20.
  ...both.filter(({ mode }) => mode !== "bicubic").map((attributes) => ({
    op: "GridSample",
    name: `volume ${nameOf(attributes)}`,
    since: 20,
    inputs: [random([1, 2, 3, 4, 5]), VOLUME_PLACES],
    attributes: { ...attributes, mode: attributes.mode.replace("bi", "") },
  })),
  ...both.filter(({ mode }) => mode === "bilinear").map((attributes) => ({
    op: "GridSample",
    name: `grid of a volume ${nameOf(attributes)}`,
    since: 20,
    inputs: [
      random([1, 2, 3, 3, 3]),
      random([1, 1, 2, 2, 3], { low: -1.9, high: 1.9, away: KINKS }),
    ],
    attributes: { ...attributes, mode: "linear" },
  })),
  {
    op: "GridSample",
    name: "newer names",
    since: 20,
    inputs: [image(), PLACES],
    attributes: { mode: "cubic" },
  },
];
