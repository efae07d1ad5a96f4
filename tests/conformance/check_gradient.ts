import { differentiate, projection, weightedSum } from "../../shared/grad/mod.ts";
import { type GradientCase, homeOpset, opsetsOf } from "../../shared/grad/gradient_case.ts";
import {
  encodeModel,
  inferShapes,
  keptOnGpu,
  type Model,
  upgradeModel,
} from "../../shared/onnx/mod.ts";
import { type Backend, openSession, type Session } from "../../shared/runtime/mod.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { buildCase, type CaseModel, seeded } from "./case_model.ts";

/** Step of the differences: rounding errors of float32 and the fifth derivative both stay small. */
const STEP = 0.02;

type Arrays = Readonly<Record<string, Tensor<"float32">>>;

/** Random weights in [-1, 1] that make a scalar of an operator's outputs. */
function randomWeights(model: CaseModel, next: () => number): Record<string, Tensor<"float32">> {
  const facts = inferShapes(upgradeModel(model.model));
  return Object.fromEntries(model.outputs.map((name) => {
    const { dims } = facts.get(name)!;
    const data = Float32Array.from({ length: elementCount(dims) }, () => 2 * next() - 1);
    return [name, float32(data, dims)];
  }));
}

/** The gradients that the rule computes for a random projection of the outputs. */
async function analytic(
  model: CaseModel,
  weights: Arrays,
  backend: Backend,
): Promise<Record<string, Float32Array>> {
  const gradient = differentiate(model.model, {
    objective: weightedSum(model.outputs.map((name) => [1, projection(name, `w/${name}`)])),
    wrt: model.wrt,
  });
  const feeds = {
    ...model.feeds,
    ...Object.fromEntries(Object.entries(weights).map(([name, w]) => [`w/${name}`, w])),
  };
  const written = backend === "webgpu" ? keptOnGpu(gradient.model) : gradient.model;
  await using session = await openSession(encodeModel(written), { backend });
  const results = await session.run(feeds, Object.values(gradient.gradients));
  return Object.fromEntries(
    model.wrt.map((name) => [name, results[gradient.gradients[name]].data as Float32Array]),
  );
}

/** A case at its home operator set, and its gradients on WASM, which all others are compared with. */
interface Reference {
  readonly model: CaseModel;
  readonly weights: Arrays;
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

const references = new WeakMap<GradientCase, Promise<Reference>>();

/** Computed once for each case: differences, backends and operator sets ask for the same. */
function referenceOf(test: GradientCase): Promise<Reference> {
  let found = references.get(test);
  if (!found) {
    const model = buildCase(test, seeded(7));
    const weights = randomWeights(model, seeded(11));
    found = analytic(model, weights, "wasm").then((gradients) => ({ model, weights, gradients }));
    references.set(test, found);
  }
  return found;
}

/** The projected outputs at inputs moved by `amount` along `direction`, summed in float64. */
async function valueAt(
  session: Session,
  model: CaseModel,
  weights: Arrays,
  direction: Readonly<Record<string, Float32Array>>,
  amount: number,
): Promise<number> {
  const feeds = Object.fromEntries(
    Object.entries(model.values).map(([name, { data, dims }]) => [
      name,
      float32(data.map((value, i) => value + amount * direction[name][i]), dims),
    ]),
  );
  const results = await session.run(feeds, model.outputs);
  let sum = 0;
  for (const name of model.outputs) {
    const [y, w] = [results[name].data as Float32Array, weights[name].data];
    for (let i = 0; i < y.length; i++) sum += y[i] * w[i];
  }
  return sum;
}

/** `model` with its stored weights as inputs, so that differences can move them. */
function withWeightsFed(test: GradientCase): GradientCase {
  const inputs = test.inputs.map((input) =>
    input !== null && "stored" in input ? { ...input, stored: false } : input
  );
  return { ...test, inputs };
}

/**
 * The largest difference between the rule's directional derivatives and central differences of
 * fourth order, over a few random directions, relative to the size of the terms summed.
 */
export async function differenceError(test: GradientCase, directions = 2): Promise<number> {
  const { model, weights, gradients } = await referenceOf(test);
  const moved = buildCase(withWeightsFed(test), seeded(7));
  const next = seeded(13);
  await using session = await openSession(encodeModel(moved.model as Model), { backend: "wasm" });
  let worst = 0;
  for (let round = 0; round < directions; round++) {
    const direction = Object.fromEntries(
      Object.entries(model.values).map((
        [name, { data }],
      ) => [name, data.map(() => 2 * next() - 1)]),
    );
    const at = (amount: number) => valueAt(session, moved, weights, direction, amount);
    const numeric =
      (8 * (await at(STEP) - await at(-STEP)) - (await at(2 * STEP) - await at(-2 * STEP))) /
      (12 * STEP);
    let [sum, squares] = [0, 0];
    for (const name of model.wrt) {
      gradients[name].forEach((g, i) => {
        sum += g * direction[name][i];
        squares += (g * direction[name][i]) ** 2;
      });
    }
    worst = Math.max(worst, Math.abs(numeric - sum) / (Math.sqrt(squares) + 1));
  }
  return worst;
}

/** The largest difference of a backend's gradients from WASM's, relative to the largest value. */
export async function backendError(test: GradientCase, backend: Backend): Promise<number> {
  const { model, weights, gradients } = await referenceOf(test);
  return largestDifference(gradients, await analytic(model, weights, backend));
}

/**
 * The largest difference of the gradients at other operator sets from those at the one that is
 * compared with differences, relative to the largest value.
 */
export async function opsetError(test: GradientCase): Promise<number> {
  const { weights, gradients: expected } = await referenceOf(test);
  const errors = [];
  for (const opset of otherOpsets(test)) {
    const model = buildCase(test, seeded(7), opset);
    errors.push(largestDifference(expected, await analytic(model, weights, "wasm")));
  }
  return Math.max(...errors);
}

/** The operator sets that a case is run at beside the one it is compared with differences at. */
export const otherOpsets = (test: GradientCase) =>
  opsetsOf(test).filter((opset) => opset !== homeOpset(test));

function largestDifference(
  expected: Readonly<Record<string, Float32Array>>,
  found: Readonly<Record<string, Float32Array>>,
): number {
  let worst = 0;
  for (const [name, values] of Object.entries(expected)) {
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
    values.forEach((value, i) => {
      const difference = Math.abs(value - found[name][i]) / largest;
      worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference);
    });
  }
  return worst;
}
