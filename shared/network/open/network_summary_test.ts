import { expect, test } from "vitest";
import { manifestFor } from "../../models/mod.ts";
import { encodeModel, ModelBuilder } from "../../onnx/mod.ts";
import { float32 } from "../../tensor/tensor.ts";
import { openNetwork } from "../open_network.ts";
import { feedInputs } from "./feed_inputs.ts";
import { networkSummary } from "./network_summary.ts";

const manifest = manifestFor({ path: "small.onnx", height: 4, width: 4 });

async function summaryOf(
  fill: (b: ModelBuilder, row: string) => void,
  labels?: readonly string[],
) {
  const b = new ModelBuilder();
  const x = b.input("x", ["N", 3, 4, 4]);
  fill(b, b.op("Flatten", [b.op("GlobalMaxPool", [x])], {}, "row"));
  const bytes = encodeModel(b.build());
  await using network = await openNetwork({ manifest, bytes, labels }, { backend: "wasm" });
  await network.compareRuns();
  const summary = networkSummary(network, { labels: "a test" });
  expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  return summary;
}

test.each<[string, string | null, string, (b: ModelBuilder, row: string) => void]>([
  ["logits", "softmax", "row", (b, row) => b.output(b.op("Softmax", [row], { axis: 1 }))],
  ["logits", "softmax", "row", (b, row) => b.output(row)],
  ["probabilities of many classes", "none", "mean", (b, row) => {
    const other = b.op("Softmax", [b.op("Neg", [row])], { axis: 1 });
    b.output(b.op("Mean", [b.op("Softmax", [row], { axis: 1 }), other], {}, "mean"));
  }],
  [
    "features",
    null,
    "image_embeds",
    (b, row) => b.output(b.op("LpNormalization", [row], { axis: 1 }, "image_embeds")),
  ],
  ["map", null, "map", (b) => b.output(b.op("Relu", ["x"], {}, "map"))],
])("the output is %s, by %s of %s", async (kind, link, tensor, fill) => {
  const { output, repeatable } = await summaryOf(fill);
  expect(output).toMatchObject({ kind, link, tensor });
  expect(repeatable).toBe(true);
});

test("a network whose two runs differ is told", async () => {
  const { repeatable, notes } = await summaryOf((b, row) =>
    b.output(b.op("Add", [row, b.op("RandomNormalLike", [row])], {}, "y"))
  );
  expect(repeatable).toBe(false);
  expect(notes.join()).toContain("Two runs of the same image give different scores");
});

test("labels of another number than the classes are told", async () => {
  const { labels, notes } = await summaryOf((b, row) => b.output(row), ["ant", "bee"]);
  expect(labels).toEqual({ count: 2, from: "a test" });
  expect(notes).toEqual([
    "There are 2 labels (a test) and 3 classes: the names may be those of others.",
  ]);
});

test("feedInputs() stores what is fed beside the image, in the type that is asked for", async () => {
  const b = new ModelBuilder();
  const row = b.op("Flatten", [b.op("GlobalMaxPool", [b.input("x", [1, 3, 4, 4])])]);
  b.output(b.op("Add", [row, b.op("Cast", [b.input("age", [1, 1], "int64")], { to: 1 })], {}, "y"));
  const age = float32(Float32Array.of(40), [1, 1]);
  const bytes = encodeModel(feedInputs(b.build(), { age }));
  await using network = await openNetwork({ manifest, bytes }, { backend: "wasm" });
  const x = float32(Float32Array.from({ length: 48 }, (_, i) => i), [1, 3, 4, 4]);
  const { y } = await network.forward(x, ["y"]);
  // The largest of each plane, 15, 31 and 47, and the age.
  expect([...y.data]).toEqual([55, 71, 87]);
  expect(() => feedInputs(b.build(), { height: age })).toThrow(
    'Cannot feed "height": there is no input of that name; its inputs are "x" float32 [1,3,4,4] ' +
      'and "age" int64 [1,1]',
  );
  expect(() => feedInputs(b.build(), { age: float32(new Float32Array(2), [2]) })).toThrow(
    'Cannot feed "age": the tensor has shape [2], expected [1,1]',
  );
});
