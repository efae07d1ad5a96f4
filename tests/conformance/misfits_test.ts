/** Networks that read well and whose numbers do not fit together, as fuzzing makes them. */
import { expect, test } from "vitest";
import { differentiate, energy } from "../../shared/grad/mod.ts";
import type { AttributeValues } from "../../shared/onnx/mod.ts";
import { ModelBuilder } from "../../shared/onnx/mod.ts";
import { inferShapes } from "../../shared/onnx/mod.ts";
import { UnusableNetworkError } from "../../shared/onnx/errors.ts";
import { float32 } from "../../shared/tensor/tensor.ts";

/** One node of inputs a, b, c of some shapes; the last ones may be weights. */
function one(
  opType: string,
  shapes: readonly (readonly number[] | Float32Array | null)[],
  attributes: AttributeValues,
  opset = 18,
) {
  const b = new ModelBuilder({ opset });
  const inputs = shapes.map((shape, i) => {
    if (shape === null) return "";
    if (shape instanceof Float32Array) return b.constant(float32(shape, [shape.length]));
    return b.input("abc"[i], shape);
  });
  b.output(b.op(opType, inputs, attributes, "y"));
  return b.build();
}

test.each<[name: string, model: ReturnType<typeof one>, says: string]>([
  [
    "heads that the width is no multiple of",
    one("Attention", [[1, 3, 8], [1, 5, 4], [1, 5, 6]], { q_num_heads: 1, kv_num_heads: 2 }, 23),
    'Cannot differentiate Attention "y"',
  ],
  [
    "a rounding that there is not",
    one("Resize", [[1, 1, 4, 4], null, Float32Array.of(1, 1, 2, 2)], { nearest_mode: "toString" }),
    '"nearest_mode": it is "toString", expected one of ceil, floor',
  ],
  [
    "slopes of more channels than there are",
    one("PRelu", [[2, 1, 4, 4], [3, 1, 1]], {}),
    'Cannot infer the shape of PRelu "y": slopes of [3,1,1] do not fit an input of [2,1,4,4]',
  ],
])("differentiate() refuses %s by name", (_, model, says) => {
  const make = () => differentiate(model, { objective: energy("y"), wrt: ["a"] });
  expect(make).toThrow(UnusableNetworkError);
  expect(make).toThrow(says);
});

test.each<[name: string, model: ReturnType<typeof one>, dims: readonly number[]]>([
  // An axis without elements stays without, whatever else has its label.
  ["Einsum", one("Einsum", [[2, 3], [3, 0]], { equation: "ab,bc->ac" }), [2, 0]],
  // 6 frequencies, one side of them: every flag but 0 is set, as in the runtime.
  ["DFT", one("DFT", [[1, 6, 1]], { onesided: -1 }), [1, 4, 2]],
])("shapes of %s are the runtime's", (_, model, dims) => {
  expect(inferShapes(model).get("y")?.dims).toEqual(dims);
});

test("a transposed convolution without a kernel has a shape that is not known", () => {
  const model = one("ConvTranspose", [[1, 1, 4, 4]], { auto_pad: "SAME_UPPER" });
  const make = () => differentiate(model, { objective: energy("y"), wrt: ["a"] });
  expect(make).toThrow("Cannot write the graph: the shape of");
});

test("an input may be called as what every object has", () => {
  const b = new ModelBuilder();
  const x = b.input("constructor", [1, 3]);
  b.output(b.op("Relu", [x], {}, "y"));
  expect(inferShapes(b.build(), { inputs: {} }).get("y")?.dims).toEqual([1, 3]);
});
