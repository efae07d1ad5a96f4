import { expect, test } from "vitest";
import { encodeModel, float, type Model, ModelBuilder } from "../../shared/onnx/mod.ts";
import {
  differentiate,
  propagateRelevance,
  type RelevanceSettings,
  unit,
  weightedSum,
} from "../../shared/grad/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { randomTensor } from "../networks.ts";

const DIMS = [1, 3, 8, 8];

/** x through the nodes that `build` adds, to "y". */
function network(
  dims: readonly number[],
  build: (b: ModelBuilder, x: string) => string,
  opset = 18,
): Model {
  const b = new ModelBuilder({ opset });
  b.output(b.op("Identity", [build(b, b.input("x", [...dims]))], {}, "y"));
  return b.build();
}

async function evaluate(model: Model, feeds: Readonly<Record<string, Tensor>>) {
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run(feeds);
  return (name: string) => Array.from(results[name].data as Float32Array);
}

async function relevance(
  model: Model,
  x: Tensor<"float32">,
  settings: RelevanceSettings,
  channel = 0,
) {
  const { model: graph, score, relevances } = propagateRelevance(model, {
    from: { objective: unit("y", { channel }) },
    wrt: ["x"],
    inputs: { x: x.dims },
    ...settings,
  });
  const values = await evaluate(graph, { x });
  return { score: values(score)[0], found: values(relevances.x) };
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function expectClose(actual: readonly number[], expected: readonly number[], share: number) {
  const size = Math.max(...expected.map(Math.abs));
  expect(size).toBeGreaterThan(0);
  const apart = Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
  expect(actual.length).toBe(expected.length);
  expect(apart / size).toBeLessThan(share);
}

const RULES = ["epsilon", "zplus", "gamma", "composite"] as const;

const SAME = { pads: [1, 1, 1, 1] };

const kernels = (b: ModelBuilder, dims: readonly number[], seed: number) =>
  b.constant(randomTensor(dims, seed, 1 / Math.sqrt(elementCount(dims.slice(1)))));

function convRelu(
  b: ModelBuilder,
  x: string,
  [from, to]: readonly [number, number],
  seed: number,
  attributes: Readonly<Record<string, number | readonly number[]>> = SAME,
): string {
  const group = Number(attributes.group ?? 1);
  const weights = kernels(b, [to, from / group, 3, 3], seed);
  return b.op("Relu", [b.op("Conv", [x, weights], attributes)]);
}

/** The mean of each channel, through weights without a bias, to 4 scores. */
function head(b: ModelBuilder, x: string, channels: number): string {
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [x])]);
  return b.op("MatMul", [flat, b.constant(randomTensor([channels, 4], 9))]);
}

/** Bias-free networks of ReLU, each with another way for relevance to go. */
const NETWORKS: Readonly<Record<string, (b: ModelBuilder, x: string) => string>> = {
  "two convolutions": (b, x) => head(b, convRelu(b, convRelu(b, x, [3, 6], 1), [6, 5], 2), 5),
  "strides, groups and dilations": (b, x) => {
    const first = convRelu(b, x, [3, 8], 1, { strides: [2, 2], pads: [1, 1, 1, 1] });
    const second = { group: 4, dilations: [2, 2], pads: [2, 2, 2, 2] };
    return head(b, convRelu(b, first, [8, 8], 2, second), 8);
  },
  "a residual sum": (b, x) => {
    const first = convRelu(b, x, [3, 6], 1);
    const way = b.op("Conv", [first, kernels(b, [6, 6, 3, 3], 2)], SAME);
    return head(b, b.op("Relu", [b.op("Add", [way, first])]), 6);
  },
  "branches joined": (b, x) => {
    const stem = convRelu(b, x, [3, 6], 1);
    const ways = [convRelu(b, stem, [6, 4], 2), convRelu(b, stem, [6, 4], 3), stem];
    return head(b, b.op("Concat", ways, { axis: 1 }), 14);
  },
  "max and average pools": (b, x) => {
    const halves = { kernel_shape: [2, 2], strides: [2, 2] };
    const first = b.op("MaxPool", [convRelu(b, x, [3, 6], 1)], halves);
    const thirds = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
    return head(b, b.op("AveragePool", [convRelu(b, first, [6, 5], 2)], thirds), 5);
  },
  "dense layers": (b, x) => {
    const flat = b.op("Flatten", [x]);
    const hidden = b.op("Relu", [b.op("MatMul", [flat, kernels(b, [192, 20], 1)])]);
    return b.op("Gemm", [hidden, kernels(b, [20, 4], 2)]);
  },
};

const image = randomTensor(DIMS, 5);

test.each(Object.entries(NETWORKS))("relevance of %s adds up to the score", async (_, build) => {
  const model = network(DIMS, build);
  for (const rule of RULES) {
    for (const channel of [0, 3]) {
      const { score, found } = await relevance(model, image, { rule }, channel);
      // Stabilizers of 1e-6 take their share where a sum is small.
      expect(Math.abs(sum(found) / score - 1), `${rule} ${channel}`).toBeLessThan(1e-4);
    }
  }
});

test.each(Object.entries(NETWORKS))("epsilon 0 of %s is input x gradient", async (_, build) => {
  const model = network(DIMS, build);
  const { found } = await relevance(model, image, { rule: "epsilon", epsilon: 1e-12 }, 1);
  const options = { objective: unit("y", { channel: 1 }), wrt: ["x"], inputs: { x: DIMS } };
  const { model: gradient, gradients } = differentiate(model, options);
  const g = (await evaluate(gradient, { x: image }))(gradients.x);
  // Means and residual sums keep their stabilizer.
  expectClose(found, g.map((value, i) => value * image.data[i]), 1e-3);
});

/** x = (1, 2, -1) -> (3, -1) with a bias -> ReLU -> y: every sum can be made by hand. */
const byHand = network([1, 3], (b, x) => {
  const w1 = b.constant(float32(Float32Array.of(2, 1, 1, -1, 1, 1), [3, 2]));
  const b1 = b.constant(float32(Float32Array.of(1, 1), [2]));
  const hidden = b.op("Relu", [b.op("Gemm", [x, w1, b1])]);
  return b.op("Gemm", [hidden, b.constant(float32(Float32Array.of(2, 5), [2, 1]))]);
});

test.each(
  [
    // z = 2 + 2 - 1 + 1 = 4 and y = 8: 8 of it all goes to the first, in quarters of x w.
    [{ rule: "epsilon" }, [4, 4, -2]],
    // With 1 in each sum: 8 * 8 / 9 = 7.11 comes to the first sum, and 7.11 / 5 to each part of it.
    [{ rule: "epsilon", epsilon: 1 }, [128 / 45, 128 / 45, -64 / 45]],
    // Of the positive parts 2 + 2 + 1 of the bias, 2 and 2.
    [{ rule: "zplus" }, [16 / 5, 16 / 5, 0]],
    // Raised by 2: 4 + 4 + 2 of the bias, less 1.
    [{ rule: "gamma", gamma: 1 }, [32 / 9, 32 / 9, -8 / 9]],
    // Without the bias in the sums: 8 in parts of 2, 2 and -1 of 3, or of 2 and 2.
    [{ rule: "epsilon", biases: false }, [16 / 3, 16 / 3, -8 / 3]],
    [{ rule: "zplus", biases: false }, [4, 4, 0]],
    // The same to all; the second layer's is all epsilon.
    [{ rule: "composite" }, [8 / 3, 8 / 3, 8 / 3]],
  ] as const,
)("relevance by %j is what a hand makes of it", async (settings, expected) => {
  const x = float32(Float32Array.of(1, 2, -1), [1, 3]);
  const { score, found } = await relevance(byHand, x, settings);
  expect(score).toBe(8);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
});

/** Convolution windows by loops: which input elements each output reads, with its weight. */
function windows(weights: Tensor<"float32">, group: number, stride: number, side: number) {
  const [out, into, k] = weights.dims;
  const extent = Math.floor((side + 2 - k) / stride) + 1;
  const list: { at: number; w: number }[][] = [];
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < extent * extent; i++) {
      const window: { at: number; w: number }[] = [];
      for (let c = 0; c < into; c++) {
        for (let place = 0; place < k * k; place++) {
          const row = Math.floor(i / extent) * stride + Math.floor(place / k) - 1;
          const column = (i % extent) * stride + (place % k) - 1;
          if (row < 0 || column < 0 || row >= side || column >= side) continue;
          const channel = Math.floor(o / (out / group)) * into + c;
          const w = weights.data[(o * into + c) * k * k + place];
          window.push({ at: (channel * side + row) * side + column, w });
        }
      }
      list.push(window);
    }
  }
  return list;
}

test.each([[1, 1], [2, 1], [1, 2], [3, 2]])(
  "a convolution of %i groups and stride %i hands on by loops what it does",
  async (group, stride) => {
    const dims = [1, 6, 7, 7];
    const weights = randomTensor([6, 6 / group, 3, 3], 3);
    const attributes = { group, strides: [stride, stride], ...SAME };
    const model = network(
      dims,
      (b, x) => b.op("Conv", [x, b.constant(weights)], attributes, "conv"),
    );
    const x = randomTensor(dims, 4);
    const found = windows(weights, group, stride, 7);
    const seed = Float32Array.from(randomTensor([found.length], 6).data);
    const extent = Math.sqrt(found.length / 6);
    const by = {
      epsilon: (xw: number) => xw,
      zplus: (xw: number) => Math.max(0, xw),
      gamma: (xw: number, z: number) => xw * (xw * z > 0 ? 1.25 : 1),
    };
    for (const [rule, partOf] of Object.entries(by)) {
      const expected = new Array<number>(x.data.length).fill(0);
      found.forEach((window, o) => {
        const z = sum(window.map(({ at, w }) => x.data[at] * w));
        const parts = window.map(({ at, w }) => partOf(x.data[at] * w, z));
        window.forEach(({ at }, i) => expected[at] += seed[o] * parts[i] / sum(parts));
      });
      const { model: graph, relevances } = propagateRelevance(model, {
        from: { layer: "conv", relevanceInput: "r" },
        wrt: ["x"],
        inputs: { x: dims },
        rule: rule as "epsilon",
        epsilon: 1e-9,
      });
      const r = float32(seed, [1, 6, extent, extent]);
      // Sums of 6 to 54 products of any sign come near 0 at places, in 32 bits.
      expectClose((await evaluate(graph, { x, r }))(relevances.x), expected, 1e-3);
    }
    const shares = new Array<number>(x.data.length).fill(0);
    found.forEach((window, o) => {
      for (const { at } of window) shares[at] += seed[o] / window.length;
    });
    const { model: graph, relevances } = propagateRelevance(model, {
      from: { layer: "conv", relevanceInput: "r" },
      wrt: ["x"],
      inputs: { x: dims },
      rule: "composite",
    });
    const r = float32(seed, [1, 6, extent, extent]);
    expectClose((await evaluate(graph, { r }))(relevances.x), shares, 1e-5);
  },
);

test("what scales and shifts a convolution's channels is a part of it", async () => {
  const vector = (seed: number) => randomTensor([5], seed);
  const weights = randomTensor([5, 3, 3, 3], 1);
  const bias = vector(2);
  const [scale, shift, mean] = [vector(3), vector(4), vector(5)];
  const variance = float32(vector(6).data.map((value) => value * value + 0.5), [5]);
  const factor = randomTensor([1, 5, 1, 1], 7);
  const spelled = network(DIMS, (b, x) => {
    const conv = b.op("Conv", [x, b.constant(weights), b.constant(bias)], SAME);
    const statistics = [scale, shift, mean, variance].map((tensor) => b.constant(tensor));
    const normal = b.op("BatchNormalization", [conv, ...statistics], { epsilon: float(1e-3) });
    const scaled = b.op("Mul", [b.constant(factor), normal]);
    return head(b, b.op("Relu", [b.op("Sub", [scaled, b.constant(scalar(0.25))])]), 5);
  });
  const gain = Array.from(scale.data, (s, c) => s / Math.sqrt(variance.data[c] + 1e-3));
  const folded = network(DIMS, (b, x) => {
    const w = weights.data.map((value, i) =>
      value * gain[Math.floor(i / 27)] * factor.data[Math.floor(i / 27)]
    );
    const shifted = bias.data.map((value, c) =>
      ((value - mean.data[c]) * gain[c] + shift.data[c]) * factor.data[c] - 0.25
    );
    const operands = [float32(w, weights.dims), float32(shifted, [5])].map((t) => b.constant(t));
    return head(b, b.op("Relu", [b.op("Conv", [x, ...operands], SAME)]), 5);
  });
  for (const rule of RULES) {
    const [a, b] = [spelled, folded].map((model) => relevance(model, image, { rule }));
    expect((await a).score).toBeCloseTo((await b).score, 4);
    expectClose((await a).found, (await b).found, 1e-4);
  }
});

const scalar = (value: number) => float32(Float32Array.of(value), []);

test("of a gated value the value takes all, and of two alike each takes half", async () => {
  const gate = network([1, 4], (b, x) => {
    const half = b.op("Add", [b.op("Mul", [x, b.constant(scalar(2))]), b.constant(scalar(0.1))]);
    return b.op("Mul", [x, b.op("Sigmoid", [half])]);
  });
  const x = randomTensor([1, 4], 8);
  const one = await relevance(gate, x, { rule: "epsilon" }, 2);
  expect(one.found).toEqual([0, 0, one.score, 0]);
  const square = network([1, 4], (b, x) =>
    b.op("Mul", [
      x,
      b.op("Slice", [
        b.op("Concat", [x, x], { axis: 1 }),
        ...[3, 7, 1].map((value) => b.constant(ints(value))),
      ]),
    ]));
  const two = await relevance(square, x, { rule: "epsilon" }, 0);
  expect(two.found).toEqual([two.score / 2, 0, 0, two.score / 2]);
});

const ints = (...values: number[]): Tensor<"int64"> => ({
  type: "int64",
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

test("a difference of two classes is the difference of their relevances", async () => {
  const model = network(DIMS, NETWORKS["branches joined"]);
  const { model: graph, score, relevances } = propagateRelevance(model, {
    from: {
      objective: weightedSum([[1, unit("y", { channel: 2 })], [-0.5, unit("y", { channel: 0 })]]),
    },
    wrt: ["x"],
    inputs: { x: DIMS },
    rule: "composite",
  });
  const both = await evaluate(graph, { x: image });
  const a = await relevance(model, image, { rule: "composite" }, 2);
  const other = await relevance(model, image, { rule: "composite" }, 0);
  expect(both(score)[0]).toBeCloseTo(a.score - 0.5 * other.score, 4);
  expectClose(both(relevances.x), a.found.map((v, i) => v - 0.5 * other.found[i]), 1e-3);
});

test("operators that relevance does not go through are refused by name", () => {
  const model = network([1, 4], (b, x) => {
    const risen = b.op("Exp", [x], {}, "risen");
    return b.op("Softmax", [b.op("Add", [risen, x])], {}, "shares");
  });
  const options = {
    from: { objective: unit("y", { channel: 0 }) },
    wrt: ["x"],
    rule: "epsilon",
  } as const;
  expect(() => propagateRelevance(model, options)).toThrow(
    'Cannot propagate relevance: no relevance rule for Softmax (opset 18) at "shares"',
  );
  const product = network([1, 4], (b, x) => b.op("MatMul", [b.op("Transpose", [x]), x], {}, "xx"));
  expect(() => propagateRelevance(product, options)).toThrow(
    'Cannot propagate relevance through MatMul "xx": both factors depend on the image',
  );
});

test("a score that does not depend on the image has no relevance to hand on", () => {
  const model = network([1, 4], (b, x) => {
    const shape = b.op("Shape", [x]);
    return b.op("ConstantOfShape", [shape], { value: float32(Float32Array.of(3), [1]) });
  });
  expect(() =>
    propagateRelevance(model, {
      from: { objective: unit("y", { channel: 0 }) },
      wrt: ["x"],
      rule: "epsilon",
    })
  ).toThrow('Cannot propagate relevance to "x": the score does not depend on it');
});

test("the composite is epsilon at the classifier, z+ at convolutions below, flat at the first", async () => {
  const model = network(DIMS, (b, x) => {
    const first = b.op("Identity", [convRelu(b, x, [3, 6], 1)], {}, "first");
    const second = b.op("Identity", [convRelu(b, first, [6, 5], 2)], {}, "second");
    // A classifier by position, as in SqueezeNet.
    const third = b.op("Conv", [second, kernels(b, [4, 5, 1, 1], 3)]);
    return b.op("Flatten", [b.op("GlobalAveragePool", [third])]);
  });
  const step = async (
    from: { objective: ReturnType<typeof unit> } | { layer: string; relevance: Tensor },
    to: string,
    rule: RelevanceSettings["rule"],
  ) => {
    const { model: graph, relevances } = propagateRelevance(model, {
      from: "layer" in from ? { layer: from.layer, relevanceInput: "r" } : from,
      wrt: [to],
      inputs: { x: DIMS },
      rule,
    });
    const isRead = (name: string) => graph.graph.input.some((one) => one.name === name);
    const feeds = {
      ...isRead("x") && { x: image },
      ..."layer" in from && { r: from.relevance },
    };
    return (await evaluate(graph, feeds))(relevances[to]);
  };
  const whole = { objective: unit("y", { channel: 2 }) };
  const shaped = (values: number[], channels: number) =>
    float32(Float32Array.from(values), [1, channels, 8, 8]);
  const second = await step(whole, "second", "epsilon");
  expectClose(await step(whole, "second", "composite"), second, 1e-5);
  const first = await step({ layer: "second", relevance: shaped(second, 5) }, "first", "zplus");
  expectClose(await step(whole, "first", "composite"), first, 1e-5);
  const same = await step({ layer: "second", relevance: shaped(second, 5) }, "first", "composite");
  expectClose(same, first, 1e-6);
  const found = await step({ layer: "first", relevance: shaped(first, 6) }, "x", "composite");
  expectClose(await step(whole, "x", "composite"), found, 1e-5);
  // The flat rule does not look at the channel.
  expectClose(found.slice(0, 64), found.slice(64, 128), 1e-5);
});
