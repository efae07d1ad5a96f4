import { expect, test } from "vitest";
import { float, ModelBuilder } from "../../shared/onnx/mod.ts";
import { float32 } from "../../shared/tensor/tensor.ts";
import { differentiate, energy, projection, unit } from "../../shared/grad/mod.ts";
import { network, relu, row, run } from "./small_gradient.ts";

test.each(
  [
    ["plain", [0, 0, 3, -4]],
    ["guided", [0, 0, 3, 0]],
    ["deconvnet", [1, 0, 3, 0]],
  ] as const,
)("the %s rule decides what a rectifier passes back", async (reluRule, expected) => {
  const gradients = await run(
    relu,
    { objective: projection("y", "g"), wrt: ["x"], reluRule },
    { x: row(-1, -2, 3, 4), g: row(1, -2, 3, -4) },
  );
  expect(gradients.x).toEqual(expected);
});

test.each([["guided", [0, 0, 3, 0]], ["deconvnet", [1, 0, 3, 0]]] as const)(
  "Max against zero is a rectifier: %s",
  async (reluRule, expected) => {
    const max = network(4, (b, x) => b.op("Max", [b.constant(row(0)), x]));
    const { x } = await run(max, { objective: projection("y", "g"), wrt: ["x"], reluRule }, {
      x: row(-1, -2, 3, 4),
      g: row(1, -2, 3, -4),
    });
    expect(x).toEqual(expected);
  },
);

test("the guided rule of a slope below zero is what its formula says", async () => {
  const alpha = { alpha: float(-0.5) };
  const leaky = network(4, (b, x) => b.op("LeakyRelu", [x], alpha));
  const { x } = await run(
    leaky,
    { objective: projection("y", "g"), wrt: ["x"], reluRule: "guided" },
    { x: row(-1, -2, 3, 4), g: row(1, -2, 3, -4) },
  );
  expect(x).toEqual([0, 1, 3, 0]);
});

test("a constant that a product shares with a bend makes no gate", async () => {
  const scaled = network(2, (b, x) => {
    const two = b.constant(row(2));
    return b.op("Mul", [b.op("Relu", [b.op("Sub", [x, two])]), two]);
  });
  const { x } = await run(
    scaled,
    { objective: projection("y", "g"), wrt: ["x"], reluRule: "guided" },
    { x: row(3, 1), g: row(1, 1) },
  );
  expect(x).toEqual([2, 0]);
});

test("an infinite bound of Clip does no harm at the other bound", async () => {
  const open = network(3, (b, x) => {
    const [low, high] = [-Infinity, 6].map((v) => b.constant(float32(Float32Array.of(v), [])));
    return b.op("Clip", [x, low, high]);
  });
  const { x } = await run(open, { objective: projection("y", "g"), wrt: ["x"] }, {
    x: row(-1, 6, 7),
    g: row(1, 1, 1),
  });
  expect(x).toEqual([1, 0, 0]);
});

test.each(["BatchNormalization", "Dropout"])("%s in training mode is refused", (op) => {
  const model = network(2, (b, x) => {
    if (op === "Dropout") {
      const ratio = b.constant(float32(Float32Array.of(0.5), []));
      const training = b.constant({ type: "bool", dims: [], data: Uint8Array.of(1) });
      return b.op(op, [x, ratio, training]);
    }
    const values = Array.from({ length: 4 }, () => b.constant(float32(Float32Array.of(1, 1), [2])));
    return b.ops(op, [x, ...values], { training_mode: 1 }, ["y0", "mean", "variance"])[0];
  });
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["x"] })).toThrow(
    /is in training mode; export the network for inference$/,
  );
});

test("a rectifier at zero passes nothing back", async () => {
  const { x } = await run(relu, { objective: unit("y", { channel: 0 }), wrt: ["x"] }, {
    x: row(0, 0, 0, 0),
  });
  expect(x).toEqual([0, 0, 0, 0]);
});

test("the node rule keeps the other consumer of a pre-activation, which hooks on modules drop", async () => {
  const skip = network(2, (b, x) => b.op("Add", [b.op("Relu", [x]), x]));
  const { x } = await run(
    skip,
    { objective: projection("y", "g"), wrt: ["x"], reluRule: "deconvnet" },
    { x: row(-1, 1), g: row(-2, -3) },
  );
  expect(x).toEqual([-2, -3]);
});

test("a rectifier used twice is changed in both places", async () => {
  const twice = network(2, (b, x) => b.op("Relu", [b.op("Neg", [b.op("Relu", [x])])]));
  const { x } = await run(
    twice,
    { objective: projection("y", "g"), wrt: ["x"], reluRule: "deconvnet" },
    { x: row(1, 1), g: row(2, -2) },
  );
  // g -> max(0, g) -> negated -> max(0, .) = 0 everywhere; the plain gradient would be 0, 0 too.
  expect(x.map(Math.abs)).toEqual([0, 0]);
});

test("a gate refuses the rules of rectifiers by name", () => {
  const b = new ModelBuilder();
  b.output(b.op("HardSwish", [b.input("x", [1, 2])], {}, "gate"));
  expect(() =>
    differentiate(b.build(), {
      objective: energy("gate"),
      wrt: ["x"],
      reluRule: "guided",
    })
  ).toThrow(/^Cannot apply the guided rule at HardSwish "gate"/);
});

test.each([
  ["x times its sigmoid", (b: ModelBuilder, x: string) => b.op("Mul", [x, b.op("Sigmoid", [x])])],
  ["GELU by Erf", (b: ModelBuilder, x: string) => b.op("Mul", [x, b.op("Erf", [x])])],
  ["SiLU as a quotient", (b: ModelBuilder, x: string) => {
    const one = b.constant(row(1, 1));
    return b.op("Div", [x, b.op("Add", [one, b.op("Exp", [b.op("Neg", [x])])])]);
  }],
  ["a rectifier by Where", (b: ModelBuilder, x: string) => {
    const zero = b.constant(row(0, 0));
    return b.op("Where", [b.op("Greater", [x, zero]), x, zero]);
  }],
  ["a rectifier by its mask", (b: ModelBuilder, x: string) => {
    const mask = b.op("Greater", [x, b.constant(row(0, 0))]);
    return b.op("Mul", [x, b.op("Cast", [mask], { to: 1 })]);
  }],
])("a gate that is spelled out is refused as well: %s", (_, build) => {
  expect(() =>
    differentiate(network(2, build), { objective: energy("y"), wrt: ["x"], reluRule: "guided" })
  ).toThrow(/^Cannot apply the guided rule at/);
});
