import { expect, test } from "vitest";
import { randomTensor } from "../../../tests/networks.ts";
import {
  convNextNet,
  swinNet,
  VIT,
  vitNet,
  type VitOptions,
  WIDTH,
} from "../../../tests/transformers.ts";
import { differentiate } from "../../grad/mod.ts";
import { manifestFor } from "../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { float32, type Tensor } from "../../tensor/tensor.ts";
import type { Network } from "../network.ts";
import { openNetwork } from "../open_network.ts";
import { objectiveOf } from "../score_target.ts";
import { unitTarget } from "../resolve_score_target.ts";
import { readMap, writeMap } from "./map_axes.ts";

const open = (bytes: Uint8Array, height: number, width: number) =>
  openNetwork(
    { manifest: manifestFor({ path: "small.onnx", height, width }), bytes },
    { backend: "wasm" },
  );

const openVit = (options?: VitOptions) => open(vitNet(options), VIT.height, VIT.width);

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);

/** The layer, and the tensor of the file that it is a view of. */
async function bothOf(network: Network, layer: string) {
  const view = network.resolveLayer(layer);
  const input = randomTensor(network.inputDims, 7);
  const results = await network.compute(input, [view, network.tensorOf(view)]);
  return { view: results[view], tensor: results[network.tensorOf(view)] };
}

test.each<VitOptions>([
  {},
  { exporter: "dynamo" },
  { pool: "mean" },
  { registers: 2, exporter: "dynamo" },
])(
  "tokens are a map of rows and columns, without those that have no position: %o",
  async (options) => {
    await using network = await openVit(options);
    const before = 1 + (options.registers ?? 0);
    for (const layer of ["embedded", "block0.norm1", "block1.out", "norm"]) {
      const { view, tensor } = await bothOf(network, layer);
      expect(view.dims).toEqual([1, WIDTH, VIT.rows, VIT.columns]);
      const count = before + VIT.rows * VIT.columns;
      expect(tensor.dims).toEqual([1, count, WIDTH]);
      const expected = Array.from({ length: WIDTH * VIT.rows * VIT.columns }, (_, i) => {
        const [channel, place] = [Math.floor(i / 12), i % 12];
        return Number(tensor.data[(before + place) * WIDTH + channel]);
      });
      expect(numbers(view)).toEqual(expected);
      expect(network.layers.map(({ alias }) => alias)).toContain(layer);
    }
  },
);

test("heads are channels of one map, and attention is none", async () => {
  await using network = await openVit();
  const { view, tensor } = await bothOf(network, "block0.mixed");
  expect(tensor.dims).toEqual([1, 2, 13, 4]);
  expect(view.dims).toEqual([1, 8, 4, 3]);
  // Channel 6 is number 2 of head 1; row 2, column 1 is position 7, behind the class token.
  expect(numbers(view)[6 * 12 + 7]).toBe(Number(tensor.data[(13 + 1 + 7) * 4 + 2]));
  expect(network.hasLayer("block0.attn")).toBe(true);
  expect(network.mapOf("block0.attn")).toBeUndefined();
  expect(network.layers.map(({ alias }) => alias)).not.toContain("block0.attn");
});

test("rows and columns are followed into shifted windows and back, and windows are no map", async () => {
  await using network = await open(swinNet(), 16, 16);
  for (const layer of ["last", "norm", "reversed", "out"]) {
    const { view, tensor } = await bothOf(network, layer);
    expect(tensor.dims).toEqual([1, 8, 8, WIDTH]);
    expect(view.dims).toEqual([1, WIDTH, 8, 8]);
    expect(numbers(view)[3 * 64 + 5 * 8 + 2]).toBe(Number(tensor.data[(5 * 8 + 2) * WIDTH + 3]));
  }
  expect((await bothOf(network, "merged")).view.dims).toEqual([1, 4 * WIDTH, 4, 4]);
  expect((await bothOf(network, "reduced")).view.dims).toEqual([1, WIDTH, 4, 4]);
  const found = network.layers.map(({ alias }) => alias);
  expect(found).toContain("out");
  for (const none of ["windows", "attn", "mixed"]) {
    expect(network.mapOf(none)).toBeUndefined();
    expect(found).not.toContain(none);
  }
});

test("maps between two transposes have their channels last", async () => {
  await using network = await open(convNextNet(), 12, 10);
  const { view, tensor } = await bothOf(network, "wide");
  expect(tensor.dims).toEqual([1, 6, 5, 12]);
  expect(view.dims).toEqual([1, 12, 6, 5]);
  expect(numbers(view)[11 * 30 + 4 * 5 + 3]).toBe(Number(tensor.data[(4 * 5 + 3) * 12 + 11]));
  expect(network.tensorOf(network.resolveLayer("out"))).toBe("out");
});

/** Ways to another shape, each with the place of channel 1, row 1, column 2 of the map it makes. */
const SHAPES: Readonly<
  Record<string, {
    fill: (b: ModelBuilder, x: string, ints: (...values: number[]) => string) => string;
    dims: readonly number[];
    place: number;
  }>
> = {
  "patches cut out by reshaping": {
    fill: (b, x, ints) => {
      const apart = b.op("Reshape", [x, ints(1, 3, 2, 4, 4, 2)]);
      const ordered = b.op("Transpose", [apart], { perm: [0, 2, 4, 3, 5, 1] });
      return b.op("Reshape", [ordered, ints(1, 8, 24)]);
    },
    dims: [1, 24, 2, 4],
    place: (1 * 4 + 2) * 24 + 1,
  },
  "positions first, then the batch": {
    fill: (b, x, ints) =>
      b.op("Transpose", [b.op("Reshape", [x, ints(1, 3, 64)])], { perm: [2, 0, 1] }),
    dims: [1, 3, 8, 8],
    place: (1 * 8 + 2) * 3 + 1,
  },
  "positions last": {
    fill: (b, x, ints) => b.op("Reshape", [x, ints(0, 0, -1)]),
    dims: [1, 3, 8, 8],
    place: 64 + 8 + 2,
  },
  "rows and columns exchanged": {
    fill: (b, x) => b.op("Transpose", [x], { perm: [0, 3, 1, 2] }),
    dims: [1, 3, 8, 8],
    place: 2 * 24 + 8 + 1,
  },
  "tokens behind the positions": {
    fill: (b, x, ints) => {
      const tokens = b.op("Transpose", [b.op("Reshape", [x, ints(1, 3, 64)])], { perm: [0, 2, 1] });
      return b.op("Concat", [tokens, b.constant(randomTensor([1, 2, 3], 5))], { axis: 1 });
    },
    dims: [1, 3, 8, 8],
    place: (1 * 8 + 2) * 3 + 1,
  },
  "a product by Einsum": {
    fill: (b, x) =>
      b.op("Einsum", [x, b.constant(randomTensor([3, 5], 6))], { equation: "nchw,cd->nhwd" }),
    dims: [1, 5, 8, 8],
    place: (1 * 8 + 2) * 5 + 1,
  },
};

test.each(Object.entries(SHAPES))("%s: the view is the map", async (_, { fill, dims, place }) => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 8, 8]);
  const ints = (...values: number[]) =>
    b.constant({
      type: "int64",
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    });
  const made = b.op("Relu", [fill(b, x, ints)], {}, "made");
  b.output(b.op("ReduceSum", [made], { keepdims: 1 }, "sum"));
  await using network = await open(encodeModel(b.build()), 8, 8);
  const { view, tensor } = await bothOf(network, "made");
  expect(view.dims).toEqual(dims);
  const [, , height, width] = dims;
  expect(numbers(view)[height * width + width + 2]).toBe(Number(tensor.data[place]));
  // What is read in TypeScript is what the graph makes.
  const map = network.mapOf("made")!;
  const read = readMap(float32(tensor.data as Float32Array, tensor.dims), map);
  expect(read.dims).toEqual(dims);
  expect(numbers(read)).toEqual(numbers(view));
  const written = writeMap(read, tensor.dims, map);
  expect(numbers(readMap(written, map))).toEqual(numbers(view));
  const isKept = numbers(written).map((value, i) =>
    value === Number(tensor.data[i]) || value === 0
  );
  expect(isKept.every(Boolean)).toBe(true);
});

test("channels that are joined with rows are no map", async () => {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 8, 8]);
  const shape = b.constant({ type: "int64", dims: [3], data: BigInt64Array.of(1n, 24n, 8n) });
  b.output(b.op("Relu", [b.op("Reshape", [x, shape])], {}, "rows"));
  await using network = await open(encodeModel(b.build()), 8, 8);
  expect(network.mapOf("rows")).toBeUndefined();
  expect(network.layers).toEqual([]);
});

test("the gradient of a token's unit is its slope", async () => {
  await using network = await openVit();
  const { inputDims, inputName } = network;
  const target = unitTarget("block0.out:3:1:2", network);
  const { model, gradients } = differentiate(network.model, {
    objective: objectiveOf(target),
    wrt: [inputName],
    inputs: { [inputName]: inputDims },
  });
  const x = randomTensor(inputDims, 9);
  const { [gradients[inputName]]: gradient } = await network.evaluate(model, { x }, [
    gradients[inputName],
  ]);
  const valueAt = async (place: number, step: number) => {
    const data = x.data.slice();
    data[place] += step;
    const { "block0.out": map } = await network.forward(float32(data, inputDims), ["block0.out"]);
    return Number(map.data[3 * 12 + 1 * 3 + 2]);
  };
  for (const place of [5, 100, 300, 570]) {
    const slope = (await valueAt(place, 1e-2) - await valueAt(place, -1e-2)) / 2e-2;
    // Rounding of float32 over the step, and the third derivative.
    expect(Number(gradient.data[place])).toBeCloseTo(slope, 3);
  }
});
