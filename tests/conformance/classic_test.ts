import { expect, test } from "vitest";
import { differentiate, energy } from "../../shared/grad/mod.ts";
import { prepareModel } from "../../shared/network/open/prepare_model.ts";
import {
  type AttributeValues,
  encodeModel,
  float,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { randomTensor } from "../networks.ts";

/** Rounding of float32 where a product is summed in another order. */
const TOLERANCE = 1e-5;

/** What scikit-learn's converter puts behind features of a convolution, [1, 4]. */
type Fill = (
  classic: (opType: string, inputs: readonly string[], values: AttributeValues) => string,
  features: string,
) => string;

const COEFFICIENTS = float(Array.from({ length: 12 }, (_, i) => Math.sin(i + 1)));
const OFFSETS = float([0.1, -0.2, 0.3]);

const classifier = (post_transform: string): Fill => (classic, features) =>
  classic("LinearClassifier", [features], {
    coefficients: COEFFICIENTS,
    intercepts: OFFSETS,
    classlabels_ints: [3, 5, 7],
    post_transform,
  });

const CASES: Readonly<Record<string, Fill>> = {
  "StandardScaler": (classic, features) =>
    classic("Scaler", [features], {
      offset: float([1, 2, 3, 4]),
      scale: float([0.5, 1, 2, 0.25]),
    }),
  "Normalizer by L2": (classic, features) => classic("Normalizer", [features], { norm: "L2" }),
  "Normalizer by L1": (classic, features) => classic("Normalizer", [features], { norm: "L1" }),
  "LogisticRegression": classifier("SOFTMAX"),
  "LogisticRegression of one class against the rest": (classic, features) =>
    classic("Normalizer", [classifier("LOGISTIC")(classic, features)], { norm: "L1" }),
  "LinearSVC": classifier("NONE"),
  "LinearRegression": (classic, features) =>
    classic("LinearRegressor", [features], {
      coefficients: COEFFICIENTS,
      intercepts: OFFSETS,
      targets: 3,
    }),
};

function modelOf(fill: Fill): Model {
  const b = new ModelBuilder({ opset: 15 });
  const x = b.input("x", [1, 3, 4, 4]);
  const maps = b.op("Conv", [x, b.constant(randomTensor([4, 3, 2, 2], 1))]);
  const features = b.op("Flatten", [b.op("GlobalMaxPool", [maps])]);
  const made = fill((opType, inputs, values) => {
    const outputs = opType === "LinearClassifier" ? ["label", "scores"] : [`${opType}_out`];
    b.ops(opType, inputs, values, outputs);
    Object.assign(b.lastNode, { domain: "ai.onnx.ml" });
    return outputs.at(-1)!;
  }, features);
  b.output(b.op("Identity", [made], {}, "y"));
  const model = b.build();
  return { ...model, opsetImport: [...model.opsetImport, { domain: "ai.onnx.ml", version: 1 }] };
}

test.each(Object.entries(CASES))("%s has a gradient, and gives the same", async (_, fill) => {
  const model = modelOf(fill);
  const { model: prepared, notes } = prepareModel(model);
  expect(notes.join()).toContain("taken apart");
  const x = randomTensor([1, 3, 4, 4], 2);
  await using before = await openSession(encodeModel(model), { backend: "wasm" });
  await using after = await openSession(encodeModel(prepared), { backend: "wasm" });
  const [a, b] = [await before.run({ x }), await after.run({ x })]
    .map(({ y }) => Array.from(y.data as Float32Array));
  a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThan(TOLERANCE));
  differentiate(prepared, { objective: energy("y"), wrt: ["x"] });
});

test("two classes of one row of coefficients stay with the runtime", () => {
  const { model } = prepareModel(
    modelOf((classic, features) =>
      classic("LinearClassifier", [features], {
        coefficients: float([1, 2, 3, 4]),
        intercepts: float([0.5]),
        classlabels_ints: [0, 1],
        post_transform: "LOGISTIC",
      })
    ),
  );
  expect(() => differentiate(model, { objective: energy("y"), wrt: ["x"] })).toThrow(
    "ai.onnx.ml.LinearClassifier",
  );
});
