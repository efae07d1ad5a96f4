import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldens, skipWithout } from "../../tests/data.ts";
import { decodeNpy, encodeNpy } from "./npy.ts";
import type { Tensor } from "./tensor.ts";

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A version 1.0 file by hand. */
function file(dictionary: string, body: number[] = [], version = 1): Uint8Array {
  const length = dictionary.length + 1;
  const size = version === 1 ? [length & 255, length >> 8] : [length & 255, length >> 8, 0, 0];
  return Uint8Array.from([
    ...latin1("\x93NUMPY"),
    version,
    0,
    ...size,
    ...latin1(dictionary + "\n"),
    ...body,
  ]);
}

test("encodeNpy() writes NumPy's own bytes", () => {
  // numpy.save of numpy.array([[1, 2, 3]], numpy.float32)
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
  const expected = latin1("\x93NUMPY\x01\x00v\x00" + header.padEnd(117) + "\n");
  const bytes = encodeNpy({ type: "float32", dims: [1, 3], data: Float32Array.of(1, 2, 3) });
  expect(bytes.slice(0, 128)).toEqual(expected);
  expect(bytes.length).toBe(140);
});

test("encodeNpy() and decodeNpy() keep every element type and rank", () => {
  const tensors: Tensor[] = [
    { type: "float32", dims: [2, 2], data: Float32Array.of(1.5, -0, NaN, Infinity) },
    { type: "float64", dims: [], data: Float64Array.of(Math.PI) },
    { type: "float16", dims: [1], data: Uint16Array.of(0x3c00) },
    { type: "int8", dims: [3], data: Int8Array.of(-128, 0, 127) },
    { type: "int16", dims: [1, 2, 1], data: Int16Array.of(-1, 2) },
    { type: "int32", dims: [2], data: Int32Array.of(-5, 7) },
    { type: "int64", dims: [1], data: BigInt64Array.of(-(2n ** 60n)) },
    { type: "uint8", dims: [0, 4], data: new Uint8Array() },
    { type: "uint16", dims: [1], data: Uint16Array.of(65535) },
    { type: "uint32", dims: [1], data: Uint32Array.of(4294967295) },
    { type: "uint64", dims: [1], data: BigUint64Array.of(2n ** 63n) },
    { type: "bool", dims: [2], data: Uint8Array.of(0, 1) },
  ];
  for (const tensor of tensors) {
    const bytes = encodeNpy(tensor);
    expect(bytes.length - tensor.data.byteLength, "64-byte alignment").toSatisfy((n: number) =>
      n % 64 === 0
    );
    expect(decodeNpy(bytes)).toEqual(tensor);
  }
});

test("encodeNpy() writes only the elements of a view", () => {
  const data = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
  expect([...decodeNpy(encodeNpy({ type: "float32", dims: [2], data })).data]).toEqual([1, 2]);
});

test("encodeNpy() refuses bfloat16", () => {
  expect(() => encodeNpy({ type: "bfloat16", dims: [0], data: new Uint16Array() })).toThrow(
    new TypeError("Cannot write .npy: NumPy has no bfloat16; convert to float32 first"),
  );
});

test("decodeNpy() reads both byte orders, versions 1 to 3 and any order of keys", () => {
  const header = "{'shape': (2,), 'fortran_order': False, 'descr': '>i2'}";
  for (const version of [1, 2, 3]) {
    expect(decodeNpy(file(header, [1, 0, 255, 254], version))).toEqual(
      { type: "int16", dims: [2], data: Int16Array.of(256, -2) },
    );
  }
});

test("decodeNpy() takes Fortran order where it makes no difference", () => {
  const header = "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 3), }";
  expect([...decodeNpy(file(header, [1, 2, 3])).data]).toEqual([1, 2, 3]);
});

test("decodeNpy() names what is wrong", () => {
  const whole = encodeNpy({ type: "float32", dims: [2], data: Float32Array.of(1, 2) });
  const header = (fields: Record<string, string>) =>
    file(
      "{" + Object.entries({ descr: "'<f4'", fortran_order: "False", shape: "(1,)", ...fields })
        .map(([key, value]) => `'${key}': ${value}`).join(", ") +
        "}",
      [0, 0, 0, 0],
    );
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(), "the file does not begin with NumPy's mark"],
    [latin1("hello, world"), "the file does not begin with NumPy's mark"],
    [whole.slice(0, 8), "the file ends after 8 bytes, in its header"],
    [whole.slice(0, 60), "the file ends after 60 bytes, in its header"],
    [whole.slice(0, -1), "[2] of float32 takes 8 bytes, and the file has 7"],
    [Uint8Array.of(...whole, 0), "[2] of float32 takes 8 bytes, and the file has 9"],
    [
      header({ fortran_order: "True", shape: "(2, 3)" }),
      "it is in Fortran order; save numpy.ascontiguousarray(array) instead",
    ],
    [
      header({ descr: "'<c8'" }),
      "it holds <c8; valid are f4, f8, f2, i1, i2, i4, i8, u1, u2, u4, u8, b1",
    ],
    [
      header({ descr: "[('a', '<f4')]" }),
      "it holds records; valid are f4, f8, f2, i1, i2, i4, i8, u1, u2, u4, u8, b1",
    ],
    [header({ shape: "(-1,)" }), "its header lacks descr, fortran_order or shape: "],
    [header({ shape: "(1 2,)" }), "its shape (1 2,) is not one of integers"],
    [
      header({ shape: "(99999999999, 1)" }),
      "[99999999999,1] of float32 takes 399999999996 bytes, and the file has 4",
    ],
    [file("{}", [], 9), "its format version is 9, not 1, 2 or 3"],
  ];
  for (const [bytes, message] of cases) {
    expect(() => decodeNpy(bytes)).toThrow(SyntaxError);
    expect(() => decodeNpy(bytes)).toThrow(`Cannot read .npy: ${message}`);
  }
});

test("decodeNpy() ends in SyntaxError on every damaged file", () => {
  const whole = encodeNpy({ type: "float32", dims: [2, 3], data: new Float32Array(6) });
  fc.assert(fc.property(
    fc.nat(whole.length - 1),
    fc.integer({ min: 0, max: 255 }),
    (at, byte) => {
      const damaged = whole.slice();
      damaged[at] = byte;
      try {
        decodeNpy(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    },
  ));
});

test.skipIf(skipWithout(goldens, "reading NumPy's files"))(
  "decodeNpy() reads what NumPy wrote",
  () => {
    const read = (name: string) => decodeNpy(readFileSync(join(goldens!, name)));
    const photo = read("preprocess/chelsea-256-centre224.npy");
    expect([photo.type, photo.dims]).toEqual(["uint8", [224, 224, 3]]);
    const x = read("googlenet-bvlc/chelsea-281/x.npy");
    expect([x.type, x.dims]).toEqual(["float32", [1, 3, 224, 224]]);
    const golden = readFileSync(join(goldens!, "googlenet-bvlc/chelsea-281/x.npy"));
    expect(golden.equals(encodeNpy(x)), "the same file again").toBe(true);
  },
);
