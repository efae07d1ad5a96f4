import { expect, test } from "vitest";
import { NO_GRADIENT, RULES } from "../../shared/grad/mod.ts";
import { type CaseInput, type GradientCase, opsetsOf } from "../../shared/grad/gradient_case.ts";
import {
  encodeModel,
  type NodeProto,
  type Operator,
  operatorNames,
  operatorOf,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { float32, type Tensor } from "../../shared/tensor/tensor.ts";
import { buildCase, isRandom, seeded } from "./case_model.ts";
import { allCases } from "./cases.ts";

/** Larger than the rounding of what is computed in another order. */
const MOVED = 1e-5;

function rowOf(opType: string): Operator | undefined {
  return operatorOf({ opType } as NodeProto);
}

/** The cases whose operator says something of how its result depends on a map that is fed. */
const cases = (await allCases())
  .filter(({ op, inputs, used }) => {
    const first = inputs.findIndex((input) => input && isRandom(input) && !input.stored);
    const isMap = first === 0 || rowOf(op)?.kind === "pointwise";
    return says(rowOf(op)) && isMap && dimsOf(inputs[first]).length > 1 && (used?.[0] ?? 0) === 0;
  })
  .flatMap((row) => opsetsOf(row).map((opset) => ({ ...row, opset })));

function dimsOf(input: CaseInput | undefined): readonly number[] {
  return input?.dims ?? [];
}

function says(operator: Operator | undefined): operator is Operator {
  return operator !== undefined &&
    (operator.isLocal || operator.passes || comparesChannels(operator));
}

/** What a normalisation keeps are the channels' names: the values depend on each other. */
function comparesChannels({ keepsChannels, kind }: Operator): boolean {
  return keepsChannels && kind !== "normalization" && kind !== "view";
}

test("the table knows every operator that has a gradient or passes none on", () => {
  const known = new Set(operatorNames);
  expect([...Object.keys(RULES), ...NO_GRADIENT].filter((name) => !known.has(name))).toEqual([]);
});

test("names of properties that all objects have are no operators", () => {
  for (const name of ["constructor", "toString", "__proto__"]) expect(rowOf(name)).toBeUndefined();
  expect(operatorOf({ opType: "Relu", domain: "com.microsoft" } as NodeProto)).toBeUndefined();
});

test.each(cases)("what the table says of $op / $name is so at operator set $opset", async (row) => {
  const operator = rowOf(row.op)!;
  const { model, feeds } = buildCase(row, seeded(7), row.opset);
  await using session = await openSession(encodeModel(model), { backend: "wasm" });
  const [[name, map]] = Object.entries(feeds);
  const run = async (map: Tensor<"float32">) => {
    const { out0 } = await session.run({ ...feeds, [name]: map }, ["out0"]);
    return { dims: out0.dims, data: Array.from(out0.data, Number) };
  };
  const before = await run(map);
  if (operator.passes && operator.kind !== "pointwise") {
    expect(before.data.toSorted()).toEqual(Array.from(map.data).toSorted());
  }
  const isSameShape = `${before.dims}` === `${map.dims}`;
  if (operator.passes && isSameShape && operator.kind === "pointwise") {
    expect(before.data).toEqual(Array.from(map.data));
  }
  for (const at of [0, map.data.length >> 1, map.data.length - 1]) {
    const data = map.data.slice();
    data[at] += 0.05;
    const after = await run(float32(data, map.dims));
    const changed = [...after.data.keys()]
      .filter((i) => Math.abs(after.data[i] - before.data[i]) > MOVED);
    if (operator.isLocal && isSameShape) {
      const place = placeOf(at, map.dims);
      expect(changed.filter((i) => placeOf(i, before.dims) !== place)).toEqual([]);
    }
    if (comparesChannels(operator) && before.dims[1] === map.dims[1]) {
      const channel = channelOf(at, map.dims);
      expect(changed.filter((i) => channelOf(i, before.dims) !== channel)).toEqual([]);
    }
  }
});

/** The image and the row and column of an element of [N, C, ...]. */
function placeOf(at: number, [, channels, ...spatial]: readonly number[]): string {
  const area = spatial.reduce((a, b) => a * b, 1);
  return `${Math.floor(at / (area * channels))}, ${at % area}`;
}

function channelOf(at: number, [, channels, ...spatial]: readonly number[]): number {
  return Math.floor(at / spatial.reduce((a, b) => a * b, 1)) % channels;
}

/** A row that says more than is so would pass without a case that can tell. */
test("every operator that keeps places or channels has a case that can tell", () => {
  const told = new Set(cases.map(({ op }: GradientCase) => op));
  const untold = Object.entries(RULES).filter(([op, { straightThrough }]) =>
    !straightThrough && says(rowOf(op)) && !told.has(op)
  );
  expect(untold).toEqual([]);
});
