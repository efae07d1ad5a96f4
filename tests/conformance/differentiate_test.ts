import { expect, test } from "vitest";
import {
  attribute,
  encodeModel,
  float,
  GraphIndex,
  type Model,
  ModelBuilder,
  type NodeProto,
} from "../../shared/onnx/mod.ts";
import { AttributeType } from "../../shared/onnx/proto/types.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import {
  differentiate,
  type DifferentiateOptions,
  distance,
  energy,
  logProbability,
  projection,
  unit,
  UnsupportedOperatorError,
  weightedSum,
} from "../../shared/grad/mod.ts";

const row = (...values: number[]) => float32(Float32Array.from(values), [1, values.length]);

/** The gradients at some feeds, by the name of what they belong to. */
async function run(
  model: Model,
  options: DifferentiateOptions,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<Record<string, number[]>> {
  const gradient = differentiate(model, options);
  await using session = await openSession(encodeModel(gradient.model), { backend: "wasm" });
  const results = await session.run(feeds);
  return {
    objective: [results[gradient.objective].data[0] as number],
    ...Object.fromEntries(
      Object.entries(gradient.gradients).map(([name, output]) => [
        name,
        // Without the sign of zeros, which nobody asks for.
        Array.from(results[output].data as Float32Array, (value) => value + 0),
      ]),
    ),
  };
}

/** x [1, n] through the nodes that `build` adds, to an output "y". */
function network(n: number, build: (b: ModelBuilder, x: string) => string): Model {
  const b = new ModelBuilder();
  b.output(b.op("Identity", [build(b, b.input("x", ["N", n]))], {}, "y"));
  return b.build();
}

const relu = network(4, (b, x) => b.op("Relu", [x]));

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

test("a max-pool window passes to its first maximum in row-major order", async () => {
  const b = new ModelBuilder();
  b.output(b.op("MaxPool", [b.input("x", [1, 1, 2, 4])], {
    kernel_shape: [2, 2],
    strides: [2, 2],
  }, "y"));
  const { x } = await run(b.build(), { objective: energy("y"), wrt: ["x"] }, {
    x: float32(Float32Array.of(1, 5, 0, 0, 5, 5, 0, 0), [1, 1, 2, 4]),
  });
  expect(x).toEqual([0, 5, 0, 0, 0, 0, 0, 0]);
  const ones = await run(b.build(), { objective: unit("y", { channel: 0 }), wrt: ["x"] }, {
    x: float32(new Float32Array(8), [1, 1, 2, 4]),
  });
  expect(ones.x).toEqual([1, 0, 1, 0, 0, 0, 0, 0]);
});

test("a vector of zeros that is scaled to length 1 passes nothing back", async () => {
  const model = network(2, (b, x) => b.op("LpNormalization", [x], { axis: 1 }));
  const { x } = await run(model, { objective: unit("y", { channel: 0 }), wrt: ["x"] }, {
    x: row(0, 0),
  });
  expect(x).toEqual([0, 0]);
});

test("operands that tie for the maximum share equally", async () => {
  const max = network(2, (b, x) => b.op("Max", [x, b.constant(row(1, 1))]));
  const { x } = await run(max, { objective: energy("y"), wrt: ["x"] }, { x: row(1, 3) });
  expect(x).toEqual([0.5, 3]);
});

test("objectives are what they say", async () => {
  const same = network(3, (b, x) => b.op("Identity", [x]));
  const x = row(1, 2, 3);
  const at = (objective: DifferentiateOptions["objective"], feeds = {}) =>
    run(same, { objective, wrt: ["x"] }, { x, ...feeds });
  expect(await at(unit("y", { channel: 1 }))).toEqual({ objective: [2], x: [0, 1, 0] });
  expect(await at(energy("y"))).toEqual({ objective: [7], x: [1, 2, 3] });
  expect(await at(distance("y", "code"), { code: row(1, 0, 0) })).toEqual({
    objective: [13],
    x: [0, 4, 6],
  });
  expect(
    await at(weightedSum([[2, unit("y", { channel: 0 })], [-1, energy("y")]])),
  ).toEqual({ objective: [-5], x: [1, -2, -3] });
  const log = await at(logProbability("y", 2));
  const total = Math.exp(1) + Math.exp(2) + Math.exp(3);
  expect(log.objective[0]).toBeCloseTo(3 - Math.log(total), 6);
  expect(log.x[2]).toBeCloseTo(1 - Math.exp(3) / total, 6);
});

test("the log-probability after a sigmoid is of its own class alone", async () => {
  const objective = logProbability("y", 1, "sigmoid");
  const { objective: [value], x } = await run(relu, { objective, wrt: ["x"], reluRule: "guided" }, {
    x: row(5, 1, 3, 7),
  });
  const probability = 1 / (1 + Math.exp(-1));
  expect(value).toBeCloseTo(Math.log(probability), 5);
  expect(x).toEqual([0, expect.closeTo(1 - probability, 5), 0, 0]);
});

test("the log-probability of scores that are probabilities is their logarithm", async () => {
  const same = network(3, (b, x) => b.op("Identity", [x]));
  const at = (index: number) =>
    run(same, { objective: logProbability("y", index, "none"), wrt: ["x"] }, {
      x: row(0.5, 0, 0.5),
    });
  const { objective, x } = await at(0);
  expect(objective[0]).toBeCloseTo(Math.log(0.5), 6);
  expect(x).toEqual([2, 0, 0]);
  expect(Number.isFinite((await at(1)).objective[0])).toBe(true);
});

test("gradients of intermediate tensors and weights", async () => {
  const b = new ModelBuilder();
  const w = b.constant(row(2, 3), "w");
  const h = b.op("Mul", [b.input("x", [1, 2]), w], {}, "h");
  b.output(b.op("Mul", [h, h], {}, "y"));
  const gradients = await run(
    b.build(),
    { objective: projection("y", "g"), wrt: ["x", "h", "w"] },
    { x: row(1, -1), g: row(1, 1) },
  );
  expect(gradients).toEqual({ objective: [13], x: [8, -18], h: [4, -6], w: [4, 6] });
});

test("each image of a batch gets the gradient of its own score", async () => {
  const square = network(2, (b, x) => b.op("Mul", [x, x]));
  const { x } = await run(
    square,
    { objective: unit("y", { channel: 1 }), wrt: ["x"], inputs: { x: [2, 2] } },
    { x: float32(Float32Array.of(1, 2, 3, 4), [2, 2]) },
  );
  expect(x).toEqual([0, 4, 0, 8]);
});

test("an error names every operator without a rule", () => {
  const b = new ModelBuilder();
  b.output(b.op("MaxRoiPool", [b.op("Det", [b.input("x", [1, 2, 2])], {}, "det")], {}, "grid"));
  try {
    differentiate(b.build(), { objective: unit("grid", { channel: 0 }), wrt: ["x"] });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedOperatorError);
    expect((error as Error).message).toBe(
      'Cannot differentiate the graph: no gradient rule for Det (opset 18) at "det", ' +
        'MaxRoiPool (opset 18) at "grid"',
    );
  }
});

test("an error names the outputs that a rule leaves out", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 4]);
  b.ops("LayerNormalization", [x, b.constant(row(1, 1, 1, 1))], {}, ["even", "mean", "spread"]);
  b.output(b.op("Add", ["mean", b.op("Mul", ["even", "spread"])], {}, "y"));
  b.output("even");
  expect(() => differentiate(b.build(), { objective: energy("y"), wrt: ["x"] })).toThrow(
    "Cannot differentiate the graph: no gradient rule for output 1 of LayerNormalization " +
      '(opset 18) at "mean", output 2 of LayerNormalization (opset 18) at "spread"',
  );
  expect(() => differentiate(b.build(), { objective: energy("even"), wrt: ["x"] })).not.toThrow();
});

test("quantised values of an operator without a rule are named as what is in the way", () => {
  const quantised = network(2, (b, x) => {
    const scale = b.constant(float32(Float32Array.of(0.1), []));
    const zero = b.constant({ type: "uint8", dims: [], data: Uint8Array.of(128) });
    const q = b.op("QuantizeLinear", [x, scale, zero]);
    const weights = b.constant({ type: "uint8", dims: [2, 2], data: Uint8Array.of(1, 2, 3, 4) });
    const inputs = [q, scale, zero, weights, scale, zero, scale, zero];
    return b.op("DequantizeLinear", [b.op("QLinearMatMul", inputs, {}, "q"), scale, zero]);
  });
  expect(() => differentiate(quantised, { objective: energy("y"), wrt: ["x"] })).toThrow(
    /no gradient rule for QLinearMatMul \(opset 18\) at "q"/,
  );
});

test("a node whose branches read a tensor from around it is in the way too", () => {
  const branch = (name: string, op: string) => {
    const inner = new ModelBuilder();
    inner.op(op, ["x"], {}, name);
    inner.output(name);
    return inner.build().graph;
  };
  const b = new ModelBuilder();
  const x = b.input("x", [1, 2]);
  const condition = b.op("Greater", [b.op("ReduceSum", [x]), b.constant(row(0))]);
  b.ops("If", [condition], {}, ["chosen"]);
  const choice: NodeProto = {
    ...b.lastNode,
    attribute: [["then_branch", "Relu"], ["else_branch", "Neg"]].map(([name, op]) => ({
      ...attribute(name, 0),
      type: AttributeType.graph,
      i: undefined,
      g: branch(name, op),
    })),
  };
  b.output(b.op("Add", [x, "chosen"], {}, "y"));
  const model = b.build();
  const node = model.graph.node.map((item) => item.opType === "If" ? choice : item);
  const withBranches = { ...model, graph: { ...model.graph, node } };
  for (const objective of [energy("y"), projection("chosen", "g")]) {
    expect(() => differentiate(withBranches, { objective, wrt: ["x"] })).toThrow(
      'no gradient rule for If (opset 18) at "chosen"',
    );
  }
});

test("what does not depend on a tensor is an error, and so is a tensor that is not there", () => {
  const b = new ModelBuilder();
  const [x, z] = [b.input("x", [1, 2]), b.input("z", [1, 2])];
  b.output(b.op("Relu", [x], {}, "y"));
  b.output(b.op("Floor", [z], {}, "steps"));
  const model = b.build();
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["z"] })).toThrow(
    'Cannot differentiate with respect to "z": the objective does not depend on it',
  );
  expect(() => differentiate(model, { objective: energy("steps"), wrt: ["z"] })).toThrow(
    'Cannot differentiate with respect to "z": the objective does not depend on it',
  );
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["q"] })).toThrow(
    'Cannot differentiate with respect to "q": there is no such tensor',
  );
  expect(() => differentiate(model, { objective: unit("y", { channel: 2 }), wrt: ["x"] })).toThrow(
    'Cannot pick channel 2 of "y": it has 0 to 1',
  );
});

test("nothing off the way from objective to source is emitted", () => {
  const b = new ModelBuilder();
  const x = b.input("x", [1, 2]);
  const h = b.op("Relu", [x], {}, "h");
  b.output(b.op("Exp", [h], {}, "far"));
  const { model } = differentiate(b.build(), { objective: unit("h", { channel: 0 }), wrt: ["x"] });
  const operators = new GraphIndex(model.graph).order.map((node) => node.opType);
  expect(operators).not.toContain("Exp");
  expect(operators.filter((type) => type === "Relu")).toHaveLength(1);
});
