import { expect, test } from "vitest";
import { inputOf, openSmall } from "../../../tests/open_small.ts";
import { convNet } from "../../../tests/networks.ts";
import { swinNet, VIT, vitNet, type VitOptions, WIDTH } from "../../../tests/transformers.ts";
import { contextOf, runMethod } from "../../contract/run_method.ts";
import type { Network } from "../../network/network.ts";
import { decodeModel, encodeModel, withGraph } from "../../onnx/mod.ts";
import { openSession } from "../../runtime/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attention, attentionOptions } from "./mod.ts";
import { rollout } from "./rollout.ts";

const AREA = VIT.rows * VIT.columns;
const SIZE = WIDTH / VIT.heads;

const open = (bytes: Uint8Array, height: number = VIT.height, width: number = VIT.width) =>
  openSmall(bytes, height, width);

const run = (network: Network, options: Record<string, unknown> = {}) =>
  runMethod(attention, network, { image: inputOf(network) }, attentionOptions.parse(options), {});

const numbers = ({ data }: Tensor) => Array.from(data as Float32Array);

/** Attention of a block from what it reads, in double precision: [head][query][key]. */
async function byHand(network: Network, block: number): Promise<number[][][]> {
  const { [`block${block}.norm1`]: found } = await network.compute(inputOf(network).tensor, [
    `block${block}.norm1`,
  ]);
  const held = (name: string) => {
    const tensor = network.file.graph.initializer.find((one) => one.name === name)!;
    return new Float32Array(tensor.rawData!.slice().buffer);
  };
  const [weights, bias] = [held(`block${block}.qkv`), held(`block${block}.bias`)];
  const tokens = numbers(found);
  const count = tokens.length / WIDTH;
  const project = (token: number, column: number) => {
    let sum = bias[column];
    for (let c = 0; c < WIDTH; c++) {
      sum += tokens[token * WIDTH + c] * weights[c * 3 * WIDTH + column];
    }
    return sum;
  };
  const all = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: VIT.heads }, (_, head) =>
    all.map((query) => {
      const scores = all.map((key) => {
        let dot = 0;
        for (let i = 0; i < SIZE; i++) {
          dot += project(query, head * SIZE + i) * project(key, WIDTH + head * SIZE + i);
        }
        return Math.exp(dot / Math.sqrt(SIZE));
      });
      const total = scores.reduce((a, b) => a + b);
      return scores.map((score) => score / total);
    }));
}

function expectClose(actual: Tensor, expected: readonly number[]) {
  expect(actual.data).toHaveLength(expected.length);
  // Float32 against float64.
  expected.forEach((value, i) => expect(Number(actual.data[i])).toBeCloseTo(value, 5));
}

test.each<VitOptions>([{}, { exporter: "dynamo" }, { exporter: "dynamo", registers: 2 }, {
  exporter: "dynamo 23",
}])(
  "each head's map is the softmax of its products: %o",
  async (options) => {
    await using network = await open(vitNet(options));
    const before = 1 + (options.registers ?? 0);
    const heads = await byHand(network, 1);
    const placed = (row: readonly number[]) => row.slice(before, before + AREA);
    const ofClass = await run(network);
    expect(ofClass.arrays.attention.dims).toEqual([2, VIT.rows, VIT.columns]);
    expectClose(ofClass.arrays.attention, heads.flatMap((rows) => placed(rows[0])));
    const at = await run(network, { query: "2,1" });
    const query = before + 2 * VIT.columns + 1;
    expectClose(at.arrays.attention, heads.flatMap((rows) => placed(rows[query])));
    const mean = await run(network, { query: "mean" });
    expectClose(
      mean.arrays.attention,
      heads.flatMap((rows) =>
        placed(rows[0]).map((_, k) =>
          rows.slice(before, before + AREA).reduce((sum, row) => sum + row[before + k], 0) / AREA
        )
      ),
    );
    const measured = ofClass.measures.heads as unknown as { unplacedShare: number }[];
    const rest = heads[0][0].slice(0, before).reduce((a, b) => a + b);
    expect(measured[0].unplacedShare).toBeCloseTo(rest, 5);
  },
);

test("rollout is the product of the layers' means, each averaged with the identity", async () => {
  await using network = await open(vitNet({ blocks: 3 }));
  const means = [];
  for (const block of [0, 1, 2]) {
    const heads = await byHand(network, block);
    means.push(
      heads[0].map((row, q) =>
        row.map((_, k) =>
          (heads.reduce((sum, rows) => sum + rows[q][k], 0) / VIT.heads + (q === k ? 1 : 0)) / 2
        )
      ),
    );
  }
  // What the class token holds, traced down from the last layer.
  const [first, second, third] = means;
  const through = (row: readonly number[], layer: readonly (readonly number[])[]) =>
    row.map((_, k) => row.reduce((sum, weight, i) => sum + weight * layer[i][k], 0));
  const expected = through(through(third[0], second), first);
  const { arrays, measures } = await run(network);
  expectClose(arrays.rollout, expected.slice(1));
  expect(measures).toMatchObject({ layer: "block2.attn", layers: 3, query: "class" });
  const until = await run(network, { layer: "1" });
  expectClose(until.arrays.rollout, through(second[0], first).slice(1));
  expect(until.measures).toMatchObject({ layer: "block1.attn", layers: 2 });
});

test("rollout of attention to itself alone stays where it is, and rows sum to 1", () => {
  const identity = { rows: 2, columns: 2, data: Float64Array.of(1, 0, 0, 1) };
  expect([...rollout([identity, identity]).data]).toEqual([1, 0, 0, 1]);
  const even = { rows: 2, columns: 2, data: Float64Array.of(0.5, 0.5, 0.5, 0.5) };
  expect([...rollout([even, even]).data]).toEqual([0.625, 0.375, 0.375, 0.625]);
});

test("the mean distance is that of the attention between positions", async () => {
  await using network = await open(vitNet());
  const { measures } = await run(network, { layer: "block0.attn" });
  const heads = await byHand(network, 0);
  const expected = heads.map((rows) => {
    let [distance, weight] = [0, 0];
    for (let q = 0; q < AREA; q++) {
      for (let k = 0; k < AREA; k++) {
        const down = Math.floor(q / VIT.columns) - Math.floor(k / VIT.columns);
        const share = rows[1 + q][1 + k];
        distance += share * Math.hypot(down, q % VIT.columns - k % VIT.columns);
        weight += share;
      }
    }
    return distance / weight;
  });
  (measures.heads as unknown as { distance: number }[])
    .forEach(({ distance }, head) => expect(distance).toBeCloseTo(expected[head], 5));
});

test("the figure has the mean, the rollout and a panel for each head, as many as asked for", async () => {
  await using network = await open(vitNet());
  const all = await run(network, { query: "0,0" });
  expect(all.figures.figure.panels.map(({ id }) => id)).toEqual([
    "mean",
    "rollout",
    "head-0",
    "head-1",
  ]);
  expect(all.figures.figure.panels[0].layers.map(({ kind }) => kind)).toContain("outline");
  const { figures } = await run(network, { heads: 1 });
  expect(figures.figure.panels).toHaveLength(3);
  expect(figures.figure.caption).toContain("The arrays hold 1 more.");
});

test("attention emits one model of the layer's matrices and the means of all", async () => {
  await using network = await open(vitNet());
  const options = attentionOptions.parse({});
  const model = await attention.emit!(contextOf(network), { image: inputOf(network) }, options);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const results = await session.run({ x: inputOf(network).tensor });
  const expected = (await byHand(network, 1)).flat(2);
  expectClose(results["block1.attn"], expected);
  expect(Object.values(results).map(({ dims }) => dims)).toEqual([[1, 2, 13, 13], [13, 13], [
    13,
    13,
  ]]);
});

test("attention says what it cannot show, and what there is", async () => {
  await using network = await open(vitNet());
  await expect(run(network, { layer: "7" })).rejects.toThrow(
    'Cannot show the attention of "7": small has the layers of attention 0 to 1: "block0.attn", ' +
      '"block1.attn"',
  );
  await expect(run(network, { query: "4,0" })).rejects.toThrow(
    "Cannot show what position 4,0 reads: there are 4 x 3",
  );
  await using windows = await open(swinNet(), 16, 16);
  await expect(run(windows)).rejects.toThrow(
    'Cannot show the attention of "attn": it is within windows of 16 tokens',
  );
  await using convolutions = await open(convNet(), 12, 12);
  await expect(run(convolutions)).rejects.toThrow(
    "no softmax over products of its tokens was found, expected a vision transformer",
  );
  expect(() => attentionOptions.parse({ query: "first" })).toThrow(
    "expected class, mean, or <row>,<column>",
  );
});

test("attention that is not finite is refused", async () => {
  const model = decodeModel(vitNet());
  const initializer = model.graph.initializer.map((tensor) => {
    if (tensor.name !== "block0.bias") return tensor;
    const rawData = new Uint8Array(new Float32Array(3 * WIDTH).fill(NaN).buffer);
    return { ...tensor, rawData };
  });
  await using network = await open(encodeModel(withGraph(model, { initializer })));
  await expect(run(network)).rejects.toThrow("it has the value NaN, expected finite numbers");
});
