import { type CaseInput, type GradientCase, random } from "../gradient_case.ts";

/** Offsets that stay between pixels, whatever differences add to them. */
const offsets = (channels: number, rows: number, columns: number) =>
  random([1, channels, rows, columns], { low: 0.2, high: 0.8 });

function deform(
  name: string,
  inputs: readonly CaseInput[],
  attributes: GradientCase["attributes"] = {},
): GradientCase {
  return { op: "DeformConv", name, inputs, attributes };
}

const STEPS = 3;
const BATCH = 2;
const WIDTH = 3;
const HIDDEN = 2;

/** A layer of `gates` gates that goes `ways` ways. */
function recurrent(
  op: string,
  gates: number,
  name: string,
  attributes: GradientCase["attributes"] = {},
  { ways = 1, states = 0, hasBias = true } = {},
): GradientCase {
  const small = { low: -0.8, high: 0.8 };
  const given = Array.from({ length: states }, () => random([ways, BATCH, HIDDEN], small));
  const outputs = op === "LSTM" ? 3 : 2;
  return {
    op,
    name,
    inputs: [
      random([STEPS, BATCH, WIDTH]),
      random([ways, gates * HIDDEN, WIDTH], small),
      random([ways, gates * HIDDEN, HIDDEN], small),
      hasBias ? random([ways, 2 * gates * HIDDEN], small) : null,
      ...states > 0 ? [null, ...given] : [],
    ],
    attributes: { hidden_size: HIDDEN, ...attributes },
    outputs,
  };
}

const BOTH = { direction: "bidirectional" };

export const cases: GradientCase[] = [
  deform("k3 p1, mask and bias", [
    random([1, 2, 4, 5]),
    random([3, 2, 3, 3]),
    offsets(18, 4, 5),
    random([3]),
    random([1, 9, 4, 5]),
  ], { pads: [1, 1, 1, 1] }),
  deform("k2 s2 d2, two groups of each", [
    random([1, 4, 7, 6]),
    random([2, 2, 2, 2]),
    offsets(16, 3, 2),
  ], { strides: [2, 2], dilations: [2, 2], group: 2, offset_group: 2 }),
  deform(
    "stored weights",
    [
      random([1, 2, 4, 4]),
      random([2, 2, 2, 2], { stored: true }),
      offsets(8, 3, 3),
    ],
  ),
  recurrent("LSTM", 4, "forward"),
  recurrent("LSTM", 4, "both ways, with states", BOTH, { ways: 2, states: 2 }),
  recurrent("LSTM", 4, "backward, without bias", { direction: "reverse" }, { hasBias: false }),
  recurrent("GRU", 3, "forward"),
  recurrent("GRU", 3, "both ways, reset before the product", BOTH, { ways: 2, states: 1 }),
  recurrent("GRU", 3, "reset behind the product", { linear_before_reset: 1 }),
  recurrent("GRU", 3, "reset behind the product, without bias", { linear_before_reset: 1 }, {
    hasBias: false,
  }),
  recurrent("RNN", 1, "both ways", BOTH, { ways: 2, states: 1 }),
];
