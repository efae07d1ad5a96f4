import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEnvelope, encodeEnvelope } from "./invocation.ts";

test("an envelope carries JSON and arrays to the last bit", () => {
  const value = {
    job: { window: 3, fill: "zero", layer: null },
    input: { type: "float32", dims: [1, 3], data: new Float32Array([NaN, -0, 1e-45]) },
    bytes: new Uint8Array([1, 2, 3]),
    doubles: [new Float64Array([Math.PI]), new Int32Array([-1])],
  };
  expect(decodeEnvelope(encodeEnvelope(value))).toEqual(value);
});

test("an envelope holds any JSON value and any float32 array", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.float32Array(), (json, array) => {
    const value = JSON.parse(JSON.stringify({ json })) as { json: unknown };
    const read = decodeEnvelope(encodeEnvelope({ ...value, array })) as typeof value & {
      array: Float32Array;
    };
    expect(read.json).toEqual(value.json);
    expect(new Uint8Array(read.array.buffer)).toEqual(new Uint8Array(array.slice().buffer));
  }));
});

test("a view into a larger buffer is encoded by itself", () => {
  const view = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
  expect(decodeEnvelope(encodeEnvelope([view]))).toEqual([new Float32Array([2, 3])]);
});

test("decodeEnvelope() refuses what breaks off, wherever it does", () => {
  const bytes = encodeEnvelope({ a: new Float32Array(4) });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeEnvelope(bytes.subarray(0, length))).toThrow(SyntaxError);
  }
  expect(() => decodeEnvelope(new TextEncoder().encode("no envelope"))).toThrow(
    "Cannot decode the envelope: it is none",
  );
});

test("encodeEnvelope() refuses arrays it has no name for", () => {
  expect(() => encodeEnvelope(new BigInt64Array(1))).toThrow("it holds a BigInt64Array");
});
