import { expect, test } from "vitest";
import { float32 } from "../tensor/tensor.ts";
import { DataType } from "./data_type.ts";
import type { TensorProto } from "./proto/types.ts";
import { protoOf, tensorOf } from "./tensor_proto.ts";

const empty = protoOf("t", float32(new Float32Array(), [0]));
const typed = (change: Partial<TensorProto>): TensorProto => ({
  ...empty,
  rawData: undefined,
  ...change,
});

test("tensorOf() reads raw data whatever its alignment", () => {
  const bytes = new Uint8Array(1 + 8);
  new DataView(bytes.buffer).setFloat32(1, 1.5, true);
  new DataView(bytes.buffer).setFloat32(5, -2, true);
  const tensor = tensorOf({ ...empty, dims: [2], rawData: bytes.subarray(1) });
  expect([...tensor.data]).toEqual([1.5, -2]);
});

test.each(
  [
    ["float32", { floatData: [1.5, 2] }, [1.5, 2]],
    ["float64", { doubleData: [0.1, 2] }, [0.1, 2]],
    ["int64", { int64Data: [-1n, 2n ** 62n] }, [-1n, 2n ** 62n]],
    ["uint64", { uint64Data: [1n, -1n] }, [1n, 2n ** 64n - 1n]],
    ["uint32", { uint64Data: [1n, 4294967295n] }, [1, 4294967295]],
    ["int8", { int32Data: [-128, 127] }, [-128, 127]],
    ["bool", { int32Data: [1, 0] }, [1, 0]],
    ["float16", { int32Data: [0x3c00, 0xc000] }, [0x3c00, 0xc000]],
    ["bfloat16", { int32Data: [0x3f80, 0xc000] }, [0x3f80, 0xc000]],
  ] as const,
)("tensorOf() reads the typed field of %s", (type, fields, expected) => {
  const tensor = tensorOf(typed({ dims: [2], dataType: DataType[type], ...fields }));
  expect(tensor.type).toBe(type);
  expect([...tensor.data]).toEqual(expected);
});

test.each([
  [
    { dims: [2, 3], floatData: [1] },
    'Cannot read the tensor "t": [2,3] takes 6 elements, but it has 1',
  ],
  [
    { dims: [2], rawData: new Uint8Array(7) },
    'Cannot read the tensor "t": [2] of float32 takes 8 bytes, but it has 7',
  ],
  [{ dims: [-1] }, 'Cannot read the tensor "t": its shape [-1] has a negative extent'],
  [
    { dims: [1e9, 1e9], rawData: new Uint8Array(4) },
    'Cannot read the tensor "t": [1000000000,1000000000] of float32 takes 4000000000000000000 bytes, ' +
    "but it has 4",
  ],
  [
    { dataType: DataType.string },
    'Cannot read the tensor "t": elements of string are not supported',
  ],
  [{ dataType: 99 }, 'Cannot read the tensor "t": elements of type 99 are not supported'],
  [
    { dataLocation: 1 },
    'Cannot read the tensor "t": its data lies in another file that was not loaded',
  ],
])("tensorOf() refuses %j", (change, message) => {
  expect(() => tensorOf(typed(change))).toThrow(message);
});

test("protoOf() and tensorOf() are inverse", () => {
  const tensor = { type: "int64", dims: [3], data: BigInt64Array.of(1n, -2n, 3n) } as const;
  expect(tensorOf(protoOf("t", tensor))).toEqual(tensor);
});
