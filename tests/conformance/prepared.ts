/** Small models, and what they make of an input, for the tests of how a file is prepared. */
import { expect } from "vitest";
import {
  type DataTypeName,
  type Dim,
  encodeModel,
  type Model,
  ModelBuilder,
} from "../../shared/onnx/mod.ts";
import { openSession } from "../../shared/runtime/mod.ts";
import { normalAt } from "../../shared/tensor/random.ts";
import { elementCount, float32, type Tensor } from "../../shared/tensor/tensor.ts";

/** Rounding of float32 where a fused operator adds in another order. */
export const TOLERANCE = 1e-5;

export const noise = (dims: readonly number[], seed = 0) =>
  float32(
    Float32Array.from({ length: elementCount(dims) }, (_, i) => normalAt(seed, i)),
    dims,
  );

export async function run(of: Model, x: Tensor): Promise<Tensor> {
  await using session = await openSession(encodeModel(of), { backend: "wasm" });
  return (await session.run({ x })).y;
}

export function expectClose(made: Tensor, expected: Tensor, tolerance = TOLERANCE): void {
  expect(made.dims).toEqual(expected.dims);
  const [a, b] = [made, expected].map(({ data }) => Array.from(data as Float32Array, Number));
  a.forEach((value, i) => expect(Math.abs(value - b[i])).toBeLessThanOrEqual(tolerance));
}

interface Image {
  readonly type?: DataTypeName;
  readonly dims: readonly Dim[];
  readonly opset?: number;
}

/** A model of one input "x" that `fill` reads. */
export function modelOf(image: Image, fill: (b: ModelBuilder, x: string) => string): Model {
  const b = new ModelBuilder({ opset: image.opset ?? 13 });
  b.output(b.op("Identity", [fill(b, b.input("x", image.dims, image.type))], {}, "y"));
  const model = b.build();
  const { opsetImport } = model;
  return { ...model, opsetImport: [...opsetImport, { domain: "com.microsoft", version: 1 }] };
}

export const scalar = (b: ModelBuilder, value: number) =>
  b.constant(float32(Float32Array.of(value), []));
export const uint8 = (b: ModelBuilder, ...values: number[]) =>
  b.constant({
    type: "uint8",
    dims: values.length === 1 ? [] : [values.length],
    data: Uint8Array.from(values),
  });
export const int64 = (b: ModelBuilder, ...values: number[]) =>
  b.constant({ type: "int64", dims: [values.length], data: BigInt64Array.from(values, BigInt) });

export function conv(b: ModelBuilder, x: string, planes = 3): string {
  return b.op("Conv", [x, b.constant(noise([4, planes, 2, 2], 1))]);
}
