import { expect, test } from "vitest";
import { float, type Model, ModelBuilder } from "../onnx/mod.ts";
import { elementCount, float32 } from "../tensor/tensor.ts";
import { describePlan, planIncremental, type PlanIncrementalOptions } from "./mod.ts";

class Net {
  readonly b = new ModelBuilder();
  value = this.b.input("x", ["N", 3, 32, 32]);
  channels = 3;

  constant(dims: readonly number[]): string {
    return this.b.constant(float32(new Float32Array(elementCount(dims)), dims));
  }

  conv(name: string, filters: number, kernel: number, stride = 1, pad = 0): this {
    const weights = this.constant([filters, this.channels, kernel, kernel]);
    const settings = { strides: [stride, stride], pads: [pad, pad, pad, pad] };
    this.channels = filters;
    this.value = this.b.op("Conv", [this.value, weights], settings, name);
    return this;
  }

  op(opType: string, name: string, ...constants: string[]): this {
    this.value = this.b.op(opType, [this.value, ...constants], {}, name);
    return this;
  }

  build(): Model {
    this.b.output(this.value);
    return this.b.build();
  }
}

const at = (...spans: [start: number, size: number][]) =>
  spans.map(([start, size]) => ({ start, size }));

const plan = (model: Model, change: Partial<PlanIncrementalOptions> = {}) =>
  planIncremental(model, {
    input: "x",
    dims: [1, 3, 32, 32],
    positions: [at([0, 8], [12, 8], [27, 5]), at([12, 8])],
    outputs: [model.graph.output[0].name!],
    ...change,
  });

test("planIncremental() follows a change through strides, pads and borders", () => {
  const model = new Net().conv("a", 4, 3, 2).conv("b", 4, 5, 1, 2).op("Relu", "c").build();
  const { trace } = plan(model);
  const rows = (name: string) =>
    trace.changes.get(name)![0].map(({ start, size }) => [start, size]);
  // Row i of a looks at rows 2i to 2i + 2: rows 0-7 are seen by 0-3, 12-19 by 5-9, 27-31 by 13-14.
  expect(rows("a")).toEqual([[0, 4], [5, 5], [13, 2]]);
  // Row i of b looks at i - 2 to i + 2, of 15.
  expect(rows("b")).toEqual([[0, 6], [3, 9], [11, 4]]);
  expect(rows("c")).toEqual(rows("b"));
});

test("planIncremental() counts the multiply-adds of what changes", () => {
  const model = new Net().conv("a", 4, 3).op("GlobalAveragePool", "mean").build();
  const { multiplyAdds } = plan(model, { breakEven: 1 });
  // 27 for each of 4 channels; of 30 x 30, or of 8, 10 or 5 rows by 10 columns.
  expect(multiplyAdds.full).toBe(27 * 4 * 900);
  expect(multiplyAdds.bound).toBeCloseTo(27 * 4 * 10 * (8 + 10 + 5) / 3, 6);
  expect(multiplyAdds.incremental).toBe(multiplyAdds.bound);
});

test("planIncremental() goes whole from break-even on, and behind what looks at everything", () => {
  const model = new Net().conv("a", 4, 3, 1, 1).conv("b", 4, 9, 1, 4).op("Softmax", "s")
    .conv("c", 4, 1).build();
  const computed = (breakEven: number) =>
    describePlan(plan(model, { breakEven })).rows.map((row) => row.computed);
  expect(computed(1)).toEqual(["patch", "patch", "whole"]);
  expect(computed(0.2)).toEqual(["patch", "whole", "whole"]);
  expect(computed(-1)).toEqual(["whole", "whole", "whole"]);
  expect(describePlan(plan(model)).rows.map((row) => row.reason)).toEqual([
    null,
    null,
    '"s" changes everywhere',
  ]);
});

test("planIncremental() leaves a small network alone, and expects a gain in a large one", () => {
  const small = plan(new Net().conv("a", 4, 3).build());
  expect([small.speedup, small.breakEven]).toEqual([1, 0]);
  expect(small.multiplyAdds.incremental).toBe(small.multiplyAdds.full);
  const large = plan(new Net().conv("a", 64, 3, 1, 1).conv("b", 64, 3, 1, 1).build(), {
    dims: [1, 3, 224, 224],
  });
  expect(large.speedup).toBeGreaterThan(10);
});

test("planIncremental() expects less where nodes and copies are dear beside multiply-adds", () => {
  const model = new Net().conv("a", 64, 3, 1, 1).conv("b", 64, 3, 1, 1).build();
  const speedups = [1, 10, 1000].map((overhead) =>
    plan(model, { dims: [1, 3, 64, 64], overhead }).speedup
  );
  expect(speedups).toEqual(speedups.toSorted((a, b) => b - a));
  expect(speedups[0]).toBeGreaterThan(2);
  expect(speedups[2]).toBe(1);
});

test("planIncremental() reads no pixel of what it takes for a constant", () => {
  const net = new Net();
  const table = net.constant([1, 3, 32, 32]);
  const model = net.op("Add", "sum", table).conv("a", 4, 3).build();
  const [row] = describePlan(plan(model, { breakEven: 1 })).rows;
  expect([row.tensor, row.computed, row.reason]).toEqual([
    "a",
    "whole",
    '"sum" changes everywhere',
  ]);
});

test("planIncremental() takes pools and normalisation over channels for local", () => {
  const net = new Net();
  net.value = net.b.op("LRN", [net.value], { size: 3, alpha: float(0.1) }, "lrn");
  net.value = net.b.op("MaxPool", [net.value], { kernel_shape: [3, 3], strides: [2, 2] }, "pool");
  const { trace } = plan(net.build());
  expect(trace.nodes.map(({ locality }) => typeof locality)).toEqual(["object", "object"]);
});

test("planIncremental() refuses a tensor that is not there", () => {
  const model = new Net().conv("a", 4, 3).build();
  expect(() => plan(model, { outputs: ["b"] })).toThrow('there is no tensor "b"');
});
